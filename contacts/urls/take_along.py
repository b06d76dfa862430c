"""What a citizen takes along: contact card, QR code, leaflet, calendar, feed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
