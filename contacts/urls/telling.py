"""Hours, notices and events: staff. Notices and events go the same way, so they share their views."""

from django.urls import URLPattern, path

from contacts.views.telling import acts, hours, items, overview, presence, rule

SECTOR = "station/sectors/<slug:slug>/public/"


def _of(kind: str) -> list[URLPattern]:
    """Return the addresses of notices, or of events."""
    one, own = f"station/{kind}s/<uuid:uuid>/", {"kind": kind}
    return [
        path(f"{SECTOR}{kind}s/new/", items.item_create, own, name=f"{kind}_create"),
        path(
            f"station/publishing/<slug:slug>/{kind}s/new/",
            items.item_create_for_station,
            own,
            name=f"{kind}_create_for_station",
        ),
        path(one, items.item_detail, own, name=f"{kind}_detail"),
        path(f"{one}change/", items.item_update, own, name=f"{kind}_update"),
        path(f"{one}hand-in/", acts.item_hand_in, own, name=f"{kind}_hand_in"),
        path(f"{one}decide/", acts.item_decide, own, name=f"{kind}_decide"),
        path(f"{one}take-back/", acts.item_take_back, own, name=f"{kind}_take_back"),
        path(f"{one}anew/", acts.item_write_anew, own, name=f"{kind}_write_anew"),
        path(f"{one}discard/", acts.item_discard, own, name=f"{kind}_discard"),
    ]


urlpatterns = [
    path(SECTOR, overview.telling_overview, name="telling_overview"),
    path(f"{SECTOR}notices/", overview.notice_list, name="notice_list"),
    path(f"{SECTOR}events/", overview.event_list, name="event_list"),
    path(f"{SECTOR}hours/new/", hours.hours_create, name="hours_create"),
    path("station/hours/<uuid:uuid>/", hours.hours_detail, name="hours_detail"),
    path("station/hours/<uuid:uuid>/change/", hours.hours_update, name="hours_update"),
    path("station/hours/<uuid:uuid>/cancel/", hours.hours_cancel, name="hours_cancel"),
    path("station/hours/<uuid:uuid>/end/", hours.hours_end, name="hours_end"),
    *_of("notice"),
    *_of("event"),
    path("station/events/<uuid:uuid>/cancel/", acts.event_cancel, name="event_cancel"),
    path("station/events/<uuid:uuid>/presence/", presence.event_presence, name="event_presence"),
    path("station/presence/<uuid:uuid>/remove/", presence.presence_remove, name="presence_remove"),
    path("station/presence/<uuid:uuid>/answer/", presence.presence_answer, name="presence_answer"),
    path("station/publishing/", rule.publishing, name="publishing"),
    path("station/publishing/<slug:slug>/rule/", rule.publishing_rule, name="publishing_rule"),
]
