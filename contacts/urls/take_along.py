"""What a citizen takes along: contact card, QR code, calendar, feed."""

from django.urls import path

from contacts.views.take_along import (
    card_vcf,
    event_ics,
    events_ics,
    notices_atom,
    qr,
    station_events_ics,
    station_notices_atom,
)

urlpatterns = [
    path("sectors/<slug:slug>/card.vcf", card_vcf, name="card_vcf"),
    path("sectors/<slug:slug>/qr.svg", qr, name="qr"),
    path("sectors/<slug:slug>/events.ics", events_ics, name="events_ics"),
    path("sectors/<slug:slug>/events/<uuid:uuid>.ics", event_ics, name="event_ics"),
    path("sectors/<slug:slug>/notices.atom", notices_atom, name="notices_atom"),
    path("stations/<slug:slug>/events.ics", station_events_ics, name="station_events_ics"),
    path("stations/<slug:slug>/notices.atom", station_notices_atom, name="station_notices_atom"),
]
