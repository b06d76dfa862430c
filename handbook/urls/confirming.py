"""What has to be confirmed as read, and who has."""

from django.urls import path

from handbook.views import confirming

urlpatterns = [
    path("<slug:station>/confirming/", confirming.listing, name="request_list"),
    path("<slug:station>/at/<slug:anchor>/ask/", confirming.ask, name="request_create"),
    path("requests/<uuid:uuid>/", confirming.detail, name="request_detail"),
    path("requests/<uuid:uuid>/confirm/", confirming.confirm, name="request_confirm"),
    path("requests/<uuid:uuid>/end/", confirming.end, name="request_end"),
]
