"""The officers' inbox."""

from django.urls import path

from contacts.views.inbox import acts, detail, lists

urlpatterns = [
    path("inbox/", lists.message_list, name="message_list"),
    path("inbox/figures/", lists.message_figures, name="message_figures"),
    path("inbox/<uuid:uuid>/", detail.message_detail, name="message_detail"),
    path("inbox/<uuid:uuid>/reason/", detail.message_reason, name="message_reason"),
    path("inbox/<uuid:uuid>/read/", detail.message_mark, name="message_mark"),
    path("inbox/<uuid:uuid>/reply/", acts.message_reply, name="message_reply"),
    path("inbox/<uuid:uuid>/call/", acts.message_call, name="message_call"),
    path("inbox/<uuid:uuid>/note/", acts.message_note, name="message_note"),
    path("inbox/<uuid:uuid>/assign/", acts.message_assign, name="message_assign"),
    path("inbox/<uuid:uuid>/move/", acts.message_move, name="message_move"),
    path("inbox/<uuid:uuid>/close/", acts.message_close, name="message_close"),
    path("inbox/<uuid:uuid>/reopen/", acts.message_reopen, name="message_reopen"),
]
