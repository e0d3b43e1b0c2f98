from django.urls import path

from tutelage.web.mentorships import moves, views

app_name = "mentorships"

_ONE = "mentorships/<uuid:mentorship_id>"

urlpatterns = [
    path("mentorships", views.mentorship_list, name="list"),
    path("mentorships/new", views.mentorship_make, name="new"),
    path("mentorships/propose", moves.mentorship_propose, name="propose"),
    path("mentorships/export", views.mentorship_export, name="export"),
    path("mentorships/people", views.mentorship_people, name="people"),
    path(_ONE, views.mentorship_detail, name="detail"),
    path(f"{_ONE}/change", moves.mentorship_change, name="change"),
    path(f"{_ONE}/move/<str:action>", moves.mentorship_move, name="move"),
    path(f"{_ONE}/ask", views.mentorship_ask, name="ask"),
    path(f"{_ONE}/clocks", views.mentorship_clocks, name="clocks"),
]
