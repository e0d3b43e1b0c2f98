from django.urls import path

from tutelage.web.logs import along, views, writing

app_name = "logs"

urlpatterns = [
    path("log", views.log_choose, name="choose"),
    path("sessions/<uuid:session_id>/log", writing.session_log, name="session"),
    path("sessions/<uuid:session_id>/log/draft", along.session_draft, name="draft"),
    path("sessions/<uuid:session_id>/log/before", along.log_before, name="before"),
    path("sessions/<uuid:session_id>/note", along.session_note, name="note"),
    path("sessions/<uuid:session_id>/rate", views.session_rate, name="rate"),
    path("mentorships/<uuid:mentorship_id>/log", writing.pair_log, name="pair"),
    path("mentorships/<uuid:mentorship_id>/log/draft", along.pair_draft, name="pair_draft"),
    path("steps/<uuid:step_id>", along.step_tick, name="step"),
]
