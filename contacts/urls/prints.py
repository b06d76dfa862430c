"""Cards, leaflets and posters: staff; the leaflet for everybody, and where an old print leads."""

from django.urls import path

from contacts.views.leaflet import leaflet
from contacts.views.print_code import print_outdated
from contacts.views.prints import print_detail, print_file, print_list, print_station

urlpatterns = [
    path("sectors/<slug:slug>/leaflet.pdf", leaflet, name="leaflet"),
    path("prints/<slug:code>/", print_outdated, name="print_outdated"),
    path("station/sectors/<slug:slug>/prints/", print_list, name="print_list"),
    path("station/prints/", print_station, name="print_station"),
    path("station/prints/<slug:code>/", print_detail, name="print_detail"),
    path("station/prints/<slug:code>/print.pdf", print_file, name="print_file"),
]
