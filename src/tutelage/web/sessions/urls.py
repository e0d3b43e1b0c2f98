from django.urls import path

from tutelage.web.sessions import moves, views

app_name = "sessions"

_ONE = "sessions/<uuid:session_id>"

urlpatterns = [
    path(_ONE, views.session_detail, name="detail"),
    path(f"{_ONE}/accept", views.session_accept, name="accept"),
    path(f"{_ONE}/counter", moves.session_counter, name="counter"),
    path(f"{_ONE}/decline", views.session_decline, name="decline"),
    path(f"{_ONE}/withdraw", views.session_withdraw, name="withdraw"),
    path(f"{_ONE}/reschedule", moves.session_reschedule, name="reschedule"),
    path(f"{_ONE}/cancel", moves.session_cancel, name="cancel"),
    path(f"{_ONE}/reinstate", views.session_reinstate, name="reinstate"),
    path(f"{_ONE}/start", views.session_start, name="start"),
    path(f"{_ONE}/join", views.session_join, name="join"),
    path(f"{_ONE}/meeting", views.session_meeting, name="meeting"),
]
