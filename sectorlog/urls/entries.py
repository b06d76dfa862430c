from django.urls import path

from sectorlog.views import (
    attachments,
    entries,
    entry_additions,
    entry_corrections,
    handbook,
    offline,
    promises,
)

urlpatterns = [
    path("entries/new/", entries.entry_create, name="entry_create"),
    path("entries/<uuid:uuid>/", entries.entry_detail, name="entry_detail"),
    path("entries/<uuid:uuid>/correct/", entry_corrections.entry_correct, name="entry_correct"),
    path("entries/<uuid:uuid>/addenda/", entry_additions.addendum_add, name="addendum_add"),
    path("entries/<uuid:uuid>/promises/", entry_additions.promise_add, name="promise_add"),
    path("entries/<uuid:uuid>/attachments/", entry_additions.attachment_add, name="attachment_add"),
    path("entries/<uuid:uuid>/followed-up/", entry_additions.entry_close, name="entry_close"),
    path("entries/<uuid:uuid>/suggest/", handbook.entry_suggest, name="entry_suggest"),
    path("attachments/<uuid:uuid>/", attachments.attachment_download, name="attachment_download"),
    path("promises/<uuid:uuid>/", promises.promise_detail, name="promise_detail"),
    path("entries/state/", offline.entry_state, name="entry_state"),
    path("worker.js", offline.worker, name="worker"),
]
