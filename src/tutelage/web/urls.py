"""All pages. One line an area."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tutelage.web.accounts.urls")),
    path("", include("tutelage.web.settings.urls")),
    path("", include("tutelage.web.design.urls")),
    path("", include("tutelage.web.people.urls")),
    path("", include("tutelage.web.mentorships.urls")),
    path("", include("tutelage.web.sessions.urls")),
    path("", include("tutelage.web.booking.urls")),
    path("", include("tutelage.web.links.urls")),
    path("", include("tutelage.web.home.urls")),
    path("", include("tutelage.web.history.urls")),
    path("", include("tutelage.web.logs.urls")),
    path("", include("tutelage.web.imports.urls")),
    path("", include("tutelage.web.missed.urls")),
]
