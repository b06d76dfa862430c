"""The handbook's pages, below /handbook/. All of them ask for a login."""

from handbook.urls import booklet, confirming, contributing, editing, history, reading, reviewing

app_name = "handbook"

urlpatterns = [
    *contributing.urlpatterns,
    *reviewing.urlpatterns,
    *confirming.urlpatterns,
    *booklet.urlpatterns,
    *editing.urlpatterns,
    *history.urlpatterns,
    *reading.urlpatterns,
]
