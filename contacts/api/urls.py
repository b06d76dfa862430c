"""The interface's addresses. The two that are asked most often stand alone: each level of addresses costs time."""

from django.urls import path

from contacts.api import bulk, describing, locate, sectors, unknown

asked_most = [
    path("api/v1/locate", locate.locate),
    path("api/v1/addresses", locate.addresses),
]

app_name = "api-v1"

urlpatterns = [
    path("locate", locate.locate, name="locate"),
    path("addresses", locate.addresses, name="addresses"),
    path("locate/bulk", bulk.locate_bulk, name="locate_bulk"),
    path("sectors", sectors.sector_list, name="sector_list"),
    path("sectors/<str:slug>", sectors.sector_detail, name="sector_detail"),
    path("openapi.json", describing.openapi, name="openapi"),
]

# Behind all others, the pages of people included: the documentation is one of these, in each language.
otherwise = [path("api/v1/<path:path>", unknown.unknown)]
