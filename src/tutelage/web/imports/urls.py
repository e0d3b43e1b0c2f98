from django.urls import path

from tutelage.web.imports import views

app_name = "imports"

_ONE = "import/<uuid:batch_id>"

urlpatterns = [
    path("import", views.import_list, name="list"),
    path(_ONE, views.import_detail, name="detail"),
    path(f"{_ONE}/columns", views.import_columns, name="columns"),
    path(f"{_ONE}/start", views.import_start, name="start"),
    path(f"{_ONE}/discard", views.import_discard, name="discard"),
    path(f"{_ONE}/progress", views.import_progress, name="progress"),
    path(f"{_ONE}/refused.csv", views.import_refused, name="refused"),
]
