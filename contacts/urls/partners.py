"""The directory of partners."""

from django.urls import path

from contacts.views import partners

urlpatterns = [
    path("station/partners/", partners.partner_list, name="partner_list"),
    path("station/partners/new/", partners.partner_create, name="partner_create"),
    path("station/partners/export.csv", partners.partner_export, name="partner_export"),
    path("station/partners/<uuid:uuid>/", partners.partner_update, name="partner_update"),
    path("station/partners/<uuid:uuid>/confirm/", partners.partner_confirm, name="partner_confirm"),
    path("station/partners/<uuid:uuid>/remove/", partners.partner_remove, name="partner_remove"),
]
