from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tutelage.domain.journal"
