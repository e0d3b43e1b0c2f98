from django.urls import path

from tutelage.web.design.views import design_show

app_name = "design"

urlpatterns = [path("design", design_show, name="show")]
