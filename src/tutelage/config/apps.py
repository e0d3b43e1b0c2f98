from django.apps import AppConfig


class TutelageConfig(AppConfig):
    name = "tutelage.config"
    label = "tutelage_config"

    def ready(self) -> None:
        from tutelage.config import catalogues
        from tutelage.config.subscriptions import record
        from tutelage.core import events

        events.record_with(record)
        catalogues.bring_up_to_date()
