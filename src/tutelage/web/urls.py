"""All pages. One line an area."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tutelage.web.accounts.urls")),
    path("", include("tutelage.web.settings.urls")),
    path("", include("tutelage.web.design.urls")),
]
