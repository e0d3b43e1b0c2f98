from django.urls import path

from tutelage.web.booking import availability, views

app_name = "booking"

urlpatterns = [
    path("book/<uuid:person_id>", views.book_show, name="book"),
    path("book/<uuid:person_id>/clocks", views.book_clocks, name="clocks"),
    path("settings/availability", availability.availability_change, name="availability"),
    path("settings/availability/days", availability.day_change, name="day"),
]
