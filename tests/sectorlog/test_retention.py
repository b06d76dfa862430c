import datetime

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone

from notifications.models import Notification
from sectorlog.models import Hold, RecordKind, ReviewDecision
from sectorlog.retention.notices import tell_heads
from tests.factories import (
    ChallengeFactory,
    ContactPersonFactory,
    HandoverFactory,
    LeadershipFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    StaffRoleFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

SOON = datetime.timedelta(days=10)
LIST = "/log/retention/"


def on(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def head(sector, client):
    user = head_of_district(sector.district)
    client.force_login(user)
    return user


@pytest.fixture
def everything(sector):
    """One record of each kind, due in this order."""
    party = PartyFactory(sector=sector, name="Kiosk", review_on=on(3))
    return [
        LogEntryFactory(sector=sector, text="A quarrel", review_on=on(1)),
        ChallengeFactory(sector=sector, title="Noise", review_on=on(2)),
        party,
        ContactPersonFactory(party=party, name="Karen", review_on=on(4)),
        HandoverFactory(sector=sector, review_on=on(5)),
    ]


def words(response) -> str:
    return " ".join(response.content.decode().split())


def key(row) -> str:
    from sectorlog.retention.reviewing import kind_of

    return f"{kind_of(row)}:{row.uuid}"


def test_heads_see_what_comes_due_of_every_kind_the_first_due_first(
    client, head, everything, django_assert_max_num_queries
):
    LogEntryFactory(sector=everything[0].sector, review_on=on(31))
    LogEntryFactory(review_on=on(1))
    for number in range(20):
        PartyFactory(sector=everything[0].sector, review_on=on(6), name=f"Party {number}")
    with django_assert_max_num_queries(24):
        response = client.get(LIST)
    listed = [record.row for record in response.context["records"]]
    assert listed[:5] == everything
    assert len(listed) == 25
    assert "A quarrel" in words(response)


def test_the_stations_head_sees_all_of_the_station(client, everything, sector):
    client.force_login(head_of(sector.station))
    other = LogEntryFactory(sector__district__station=sector.station, review_on=on(1))
    rows = [record.row for record in client.get(LIST).context["records"]]
    assert {*everything, other} == set(rows)


@pytest.mark.parametrize("kind", RecordKind)
def test_the_list_is_narrowed_to_a_kind(client, head, everything, kind):
    records = client.get(LIST, {"kind": kind}).context["records"]
    assert [record.kind for record in records] == [kind]


def test_the_list_goes_on_over_pages(client, head, sector):
    LogEntryFactory.create_batch(60, sector=sector, review_on=on(1))
    assert len(client.get(LIST, {"page": 1, "kind": "entry"}).context["records"]) == 50
    assert len(client.get(LIST, {"page": 2, "kind": "entry"}).context["records"]) == 10
    assert client.get(LIST, {"page": "x", "kind": "<b>"}).status_code == 200


def test_several_are_extended_at_once_with_a_reason(client, head, everything):
    chosen = [key(row) for row in everything]
    response = client.post(
        LIST,
        {"record": chosen, "act": "extend", "until": on(365).isoformat(), "reason": "A case"},
        follow=True,
    )
    assert "5 records are kept." in words(response)
    for row in everything:
        row.refresh_from_db()
        assert row.review_on == on(365)
    decision = ReviewDecision.objects.filter(record=everything[0].uuid).get()
    assert (decision.by, decision.until, decision.reason) == (head, on(365), "A case")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"act": "extend", "reason": "A case"}, "Say until when."),
        ({"act": "extend", "until": on(9).isoformat()}, "Say why."),
        ({"act": "hold"}, "Say why."),
        ({"act": "extend", "until": on(0).isoformat(), "reason": "A case"}, "Choose a day after today"),
        ({"act": "extend", "until": on(731).isoformat(), "reason": "A case"}, "at most two years from now"),
        ({"act": "extend", "until": "yesterday", "reason": "A case"}, "Enter a valid date."),
        ({"act": "extend", "until": on(9).isoformat(), "reason": "x" * 501}, "at most 500 characters"),
        ({"act": "burn"}, "Not done yet"),
        ({}, "Not done yet"),
    ],
)
def test_what_is_unclear_is_not_done_and_what_is_ticked_stays_ticked(
    client, head, everything, data, sentence
):
    response = client.post(LIST, {"record": [key(everything[0])], **data})
    assert response.status_code == 422
    assert sentence in words(response)
    assert response.context["ticked"] == [key(everything[0])]
    everything[0].refresh_from_db()
    assert everything[0].review_on == on(1)
    assert not ReviewDecision.objects.exists()


def test_nothing_ticked_is_said(client, head, everything):
    response = client.post(LIST, {"act": "let_go"})
    assert response.status_code == 422
    assert "Tick at least one record." in words(response)


def test_an_empty_request_is_answered_with_what_is_missing(client, head, everything):
    response = client.post(LIST)
    assert response.status_code == 422
    assert "Tick at least one record." in words(response)
    assert client.post(f"/log/retention/entries/{everything[0].uuid}/").status_code == 422


def test_records_of_others_and_made_up_ones_are_left_alone(client, head):
    foreign = LogEntryFactory(review_on=on(5))
    made_up = ["entry:1", "burn:x", "entry", "entry:\x00", "", f"party:{foreign.uuid}"]
    response = client.post(LIST, {"record": [key(foreign), *made_up], "act": "let_go"})
    assert response.status_code == 302
    foreign.refresh_from_db()
    assert foreign.review_on == on(5)


def test_what_is_no_longer_needed_goes_with_the_night(client, head, everything):
    client.post(LIST, {"record": [key(everything[4])], "act": "let_go"})
    everything[4].refresh_from_db()
    assert everything[4].review_on == on(0)
    assert "found that it is no longer needed" in words(client.get(LIST))


def test_a_hold_is_placed_once_and_lifted_from_the_records_page(client, head, everything):
    entry = everything[0]
    for _twice in range(2):
        client.post(LIST, {"record": [key(entry)], "act": "hold", "reason": "A complaint"})
    assert Hold.objects.in_force().filter(record=entry.uuid).count() == 1
    page = f"/log/retention/entries/{entry.uuid}/"
    assert "A complaint. Nothing erases it" in words(client.get(page))
    refused = client.post(page, {"act": "lift"})
    assert (refused.status_code, Hold.objects.in_force().count()) == (422, 1)
    lift = {"act": "lift", "reason": "The court has ruled"}
    assert "1 hold is lifted." in words(client.post(page, lift, follow=True))
    assert not Hold.objects.in_force().exists()
    assert "The court has ruled" in words(client.get(page))
    assert "0 holds are lifted." in words(client.post(page, lift, follow=True))


@pytest.mark.parametrize("place", ["entries", "challenges", "parties", "contacts", "handovers"])
def test_each_kind_has_a_page_to_decide_on(client, head, everything, place):
    row = dict(zip(["entries", "challenges", "parties", "contacts", "handovers"], everything, strict=True))[
        place
    ]
    page = f"/log/retention/{place}/{row.uuid}/"
    data = {"act": "extend", "until": on(100).isoformat(), "reason": "A case"}
    assert "keep until" in words(client.post(page, data, follow=True))
    row.refresh_from_db()
    assert row.review_on == on(100)
    assert client.post(page, {"act": "extend"}).status_code == 422


def test_a_records_page_shows_heads_how_long_it_is_kept_and_nobody_else(rf, head, everything):
    request = rf.get("/")
    request.user = head
    shown = render_to_string("sectorlog/includes/retention.html", {"record": everything[3]}, request)
    assert f"/log/retention/contacts/{everything[3].uuid}/" in shown
    request.user = (
        StaffRoleFactory(reviewer=True).user
        if hasattr(StaffRoleFactory, "reviewer")
        else everything[0].author
    )
    assert "section" not in render_to_string(
        "sectorlog/includes/retention.html", {"record": everything[3]}, request
    )


# The notice


def told() -> list[Notification]:
    tell_heads()
    return list(Notification.objects.filter(event="sectorlog.review_due").order_by("pk"))


def test_the_head_is_told_once_how_many_newly_come_due(head, everything, sector):
    [notice] = told()
    assert (notice.recipient, notice.context) == (head, {"count": 5, "path": LIST})
    assert len(told()) == 1
    LogEntryFactory(sector=sector, review_on=on(32))
    assert len(told()) == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert [notice.context["count"] for notice in told()] == [5, 1]


def test_without_a_head_of_the_district_the_stations_head_is_told(everything, sector):
    chief = LeadershipFactory(station=sector.station).user
    [notice] = told()
    assert notice.recipient == chief


def test_where_nothing_comes_due_nobody_is_told(head, sector):
    LogEntryFactory(sector=sector, review_on=on(60))
    assert told() == []
