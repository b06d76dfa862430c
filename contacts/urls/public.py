"""The public pages."""

from django.urls import path

from contacts.views.api_docs import api_docs
from contacts.views.embed import embed
from contacts.views.find import find
from contacts.views.home import home
from contacts.views.map import sector_map
from contacts.views.sectors import sector_detail, sector_list

urlpatterns = [
    path("", home, name="home"),
    path("find/", find, name="find"),
    path("sectors/", sector_list, name="sector_list"),
    path("sectors/<slug:slug>/", sector_detail, name="sector_detail"),
    path("map/", sector_map, name="map"),
    path("embed/", embed, name="embed"),
    path("api/v1/docs", api_docs, name="api_docs"),
]
