from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "tutelage.domain.attendance"
