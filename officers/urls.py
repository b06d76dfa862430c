"""The pages of staff about sectors and officers. All behind the login."""

from django.urls import path

from officers.views import documents, dossier, profile

app_name = "officers"

urlpatterns = [
    path("station/", dossier.sector_list, name="sector_list"),
    path("station/sectors/<slug:slug>/", dossier.sector_dossier, name="sector_dossier"),
    path("station/sectors/<slug:slug>/documents/", documents.document_add, name="document_add"),
    path("station/documents/<uuid:uuid>/", documents.document_download, name="document_download"),
    path("station/documents/<uuid:uuid>/withdraw/", documents.document_withdraw, name="document_withdraw"),
    path("account/profile/", profile.profile, name="profile"),
    path("account/profile/hours/", profile.profile_hours, name="profile_hours"),
    path("account/profile/withdraw/", profile.profile_withdraw, name="profile_withdraw"),
]
