from django.urls import URLPattern, URLResolver, include, path

from tutelage.api.root import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("account/", include("allauth.urls")),
    path("", include("tutelage.web.urls")),
]
