"""A chapter's revisions, and what changed between two."""

from django.urls import path

from handbook.views import history

urlpatterns = [
    path("<slug:station>/chapters/<slug:chapter>/history/", history.history, name="chapter_history"),
    path(
        "<slug:station>/chapters/<slug:chapter>/history/<int:number>/",
        history.revision,
        name="revision_detail",
    ),
    path(
        "<slug:station>/chapters/<slug:chapter>/history/<int:number>/difference/",
        history.difference,
        name="revision_difference",
    ),
]
