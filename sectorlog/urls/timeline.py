from django.urls import path

from sectorlog.views import exports, facts, flagged, timeline

urlpatterns = [
    path("entries/", timeline.entry_list_all, name="entry_list_all"),
    path("entries/export/", exports.entry_export_all, name="entry_export_all"),
    path("sectors/<slug:slug>/entries/", timeline.entry_list, name="entry_list"),
    path("sectors/<slug:slug>/entries/export/", exports.entry_export, name="entry_export"),
    path("facts/", facts.fact_sectors, name="fact_sectors"),
    path("sectors/<slug:slug>/facts/", facts.fact_list, name="fact_list"),
    path("sectors/<slug:slug>/facts.csv", facts.fact_export, name="fact_export"),
    path("flagged/", flagged.flagged_list, name="flagged_list"),
    path("flagged/reason/", flagged.flagged_reason, name="flagged_reason"),
]
