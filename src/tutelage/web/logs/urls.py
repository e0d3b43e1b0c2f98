from django.urls import path

from tutelage.web.logs import views

app_name = "logs"

urlpatterns = [
    path("log", views.log_choose, name="choose"),
    path("sessions/<uuid:session_id>/log", views.session_log, name="session"),
    path("sessions/<uuid:session_id>/rate", views.session_rate, name="rate"),
    path("mentorships/<uuid:mentorship_id>/log", views.pair_log, name="pair"),
]
