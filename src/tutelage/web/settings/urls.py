from django.urls import path

from tutelage.web.links.views import meeting_change
from tutelage.web.settings import views

app_name = "settings"

urlpatterns = [
    path("settings", views.profile_change, name="profile"),
    path("settings/security", views.security_show, name="security"),
    path("settings/tokens", views.token_list, name="tokens"),
    path("settings/tokens/<uuid:token_id>/revoke", views.token_revoke, name="token_revoke"),
    path("settings/meeting", meeting_change, name="meeting"),
    path("settings/theme", views.theme_choose, name="theme"),
]
