from django.urls import path

from sectorlog.views import home

urlpatterns = [
    path("", home.log_home, name="log_home"),
    path("sectors/<slug:slug>/", home.sector_overview, name="sector_overview"),
]
