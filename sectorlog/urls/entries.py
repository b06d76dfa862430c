from django.urls import path

from sectorlog.views import entries

urlpatterns = [
    path("entries/new/", entries.entry_create, name="entry_create"),
    path("entries/<uuid:uuid>/", entries.entry_detail, name="entry_detail"),
]
