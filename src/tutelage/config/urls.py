from django.urls import URLPattern, URLResolver, include, path

from tutelage.api.root import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("", include("tutelage.web.urls")),
]
handler400 = "tutelage.web.errors.bad_request"
handler403 = "tutelage.web.errors.permission_denied"
handler404 = "tutelage.web.errors.page_not_found"
handler429 = "tutelage.web.errors.too_many_requests"
handler500 = "tutelage.web.errors.server_error"
