"""The addresses of the sector log, one module for each part of it."""

from sectorlog.urls import (
    briefings,
    challenges,
    efforts,
    entries,
    form_templates,
    groups,
    handovers,
    home,
    mirror,
    parties,
    patrols,
    public_side,
    retention,
    source_referrals,
    timeline,
)

app_name = "sectorlog"

urlpatterns = [
    *home.urlpatterns,
    *entries.urlpatterns,
    *timeline.urlpatterns,
    *groups.urlpatterns,
    *parties.urlpatterns,
    *challenges.urlpatterns,
    *efforts.urlpatterns,
    *patrols.urlpatterns,
    *mirror.urlpatterns,
    *form_templates.urlpatterns,
    *handovers.urlpatterns,
    *briefings.urlpatterns,
    *source_referrals.urlpatterns,
    *retention.urlpatterns,
    *public_side.urlpatterns,
]
