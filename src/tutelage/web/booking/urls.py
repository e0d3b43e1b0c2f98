from django.urls import path

from tutelage.web.booking import availability, views, visitors

app_name = "booking"

urlpatterns = [
    path("book/<uuid:person_id>", visitors.book_page, name="book"),
    path("book/<uuid:person_id>/clocks", views.book_clocks, name="clocks"),
    path("settings/availability", availability.availability_change, name="availability"),
    path("settings/availability/days", availability.day_change, name="day"),
]
