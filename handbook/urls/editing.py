"""The handbook's chapters as its editors work on them; a fixed one with the station's head."""

from django.urls import path

from handbook.views import deciding, editing

urlpatterns = [
    path("<slug:station>/begin/", editing.begin, name="handbook_begin"),
    path("<slug:station>/editing/", editing.editing, name="handbook_editing"),
    path("<slug:station>/chapters/", editing.create, name="chapter_create"),
    path("<slug:station>/chapters/<slug:chapter>/draft/", editing.draft, name="revision_update"),
    path("<slug:station>/chapters/<slug:chapter>/draft/look/", deciding.look, name="revision_preview"),
    path("<slug:station>/chapters/<slug:chapter>/draft/publish/", deciding.publish, name="revision_publish"),
    path("<slug:station>/chapters/<slug:chapter>/draft/decide/", deciding.decide, name="revision_decide"),
    path("<slug:station>/chapters/<slug:chapter>/draft/discard/", deciding.discard, name="revision_discard"),
    path("<slug:station>/chapters/<slug:chapter>/move/", editing.move, name="chapter_move"),
    path("<slug:station>/chapters/<slug:chapter>/leave-out/", editing.leave_out, name="chapter_leave_out"),
    path("<slug:station>/chapters/<slug:chapter>/take-in/", editing.take_in, name="chapter_take_in"),
]
