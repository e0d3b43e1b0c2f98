from django.urls import path

from tutelage.web.history import views

app_name = "history"

urlpatterns = [
    path("jam/sessions", views.history_list, name="list"),
    path("jam/sessions/export", views.history_export, name="export"),
]
