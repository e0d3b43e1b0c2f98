from django.urls import path

from tutelage.web.links import views

app_name = "links"

urlpatterns = [path("j/<str:token>", views.link_join, name="join")]
