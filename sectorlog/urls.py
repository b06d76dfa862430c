from django.urls import path

from sectorlog import views

app_name = "sectorlog"

urlpatterns = [
    path("", views.log_home, name="log_home"),
]
