from django.urls import path

from tutelage.web.design import views

app_name = "design"

urlpatterns = [path("design", views.design_show, name="show")]
