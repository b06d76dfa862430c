from django.urls import path

from sectorlog.views import contact_persons, parties, party_importing, party_merging, visits

urlpatterns = [
    path("sectors/<slug:slug>/parties/", parties.party_list, name="party_list"),
    path("sectors/<slug:slug>/parties/new/", parties.party_create, name="party_create"),
    path("sectors/<slug:slug>/parties/import/", party_importing.party_import, name="party_import"),
    path("parties/<uuid:uuid>/", parties.party_detail, name="party_detail"),
    path("parties/<uuid:uuid>/change/", parties.party_update, name="party_update"),
    path("parties/<uuid:uuid>/gone/", parties.party_gone, name="party_gone"),
    path("parties/<uuid:uuid>/merge/", party_merging.party_merge, name="party_merge"),
    path("parties/<uuid:uuid>/visited/", visits.party_visited, name="party_visited"),
    path("parties/<uuid:uuid>/contacts/new/", contact_persons.contact_create, name="contact_create"),
    path("contacts/<uuid:uuid>/", contact_persons.contact_update, name="contact_update"),
    path("contacts/<uuid:uuid>/left/", contact_persons.contact_left, name="contact_left"),
    path("visits/", visits.visit_rounds, name="visit_rounds"),
    path("sectors/<slug:slug>/visits/", visits.visit_round_of_sector, name="visit_round"),
]
