from django.urls import path

from tutelage.web.people import views

app_name = "people"

urlpatterns = [
    path("people", views.person_list, name="list"),
    path("people/new", views.person_add, name="new"),
    path("people/<uuid:uid>", views.person_detail, name="detail"),
    path("people/<uuid:uid>/invite", views.person_invite, name="invite"),
]
