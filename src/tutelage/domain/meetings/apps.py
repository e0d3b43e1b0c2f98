from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "tutelage.domain.meetings"
