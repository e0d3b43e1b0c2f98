from django.urls import path

from tutelage.web.home import views

urlpatterns = [
    path("", views.home_show, name="home"),
    path("home/next", views.next_show, name="next"),
]
