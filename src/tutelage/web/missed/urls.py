from django.urls import path

from tutelage.web.missed import views

app_name = "missed"

urlpatterns = [
    path("missed", views.missed_list, name="list"),
    path("sessions/<uuid:session_id>/missed", views.session_missed, name="answer"),
    path("sessions/<uuid:session_id>/no-show", views.session_no_show, name="no-show"),
    path("sessions/<uuid:session_id>/correct", views.session_correct, name="correct"),
]
