"""What is erased from the log is in no pack any more, nor anywhere else that copied it."""

import datetime
import json

import pytest
from django.contrib.gis.geos import Point
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from sectorlog.handover.handing_over import left_open, make, settle
from sectorlog.models import Challenge, Handover, Hold, LogEntry, Party, Promise
from sectorlog.retention.erasing import erase_due
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    UserFactory,
    between,
    division_of,
    first_form,
)
from tests.sectorlog.entry_pages import NEW, typed
from tests.sectorlog.test_source_canary import redis_dump, tables_with

pytestmark = pytest.mark.django_db

CANARY = "kanariefugl5e1b"
YESTERDAY = datetime.timedelta(days=1)


@pytest.fixture
def sector():
    sector = SectorFactory()
    division_of(sector)
    return sector


@pytest.fixture
def officer(client, sector):
    post = AssignmentFactory(sector=sector, officer__user=UserFactory(), period=between(days=(-90, 20)))
    client.force_login(post.officer.user)
    return post.officer.user


@pytest.fixture
def taker(sector):
    later = between(days=(20, 90))
    return AssignmentFactory(sector=sector, officer__user=UserFactory(), period=later).officer


@pytest.fixture
def handover(sector, officer, taker):
    """A hand-over that tells of the canary wherever a pack tells of something, and of others beside it."""
    party = PartyFactory(
        sector=sector, name=CANARY, address=CANARY, note=CANARY, interval_days=1, place=Point(12.5, 55.7)
    )
    ContactPersonFactory(party=party, name=CANARY, note=CANARY)
    challenge = ChallengeFactory(sector=sector, title=CANARY, description=CANARY)
    challenge.notes.create(text=CANARY, author=officer)
    challenge.parties.add(party)
    entry = LogEntryFactory(
        sector=sector,
        text=CANARY,
        place_text=CANARY,
        follow_up_on=timezone.localdate(),
        parties=[party],
        challenges=[challenge],
    )
    PromiseFactory(entry=entry, what=CANARY, to_whom=CANARY)
    again = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    LogEntryFactory(
        sector=sector, form_version=first_form("major-event"), values={"event": CANARY, "again": again}
    )
    ContactPersonFactory(party=PartyFactory(sector=sector, name="The club", place=Point(12.51, 55.7)))
    return make(sector, taker, timezone.localdate(), by=officer)


def due(*models) -> None:
    for model in models or (LogEntry, Party, Challenge):
        of_canary = model.objects.exclude(name="The club") if model is Party else model.objects.all()
        of_canary.update(review_on=timezone.localdate() - YESTERDAY)
    # An entry stays until what was promised is told back.
    Promise.objects.update(told_back_at=timezone.now())


def told(handover) -> str:
    handover.refresh_from_db()
    items = list(handover.items.values_list("title", "note"))
    return json.dumps(handover.pack, ensure_ascii=False) + str(items)


def test_the_canary_is_in_the_pack_and_its_items(handover):
    assert told(handover).count(CANARY) > 15
    assert {"public.sectorlog_handover.pack", "public.sectorlog_handoveritem.title"} <= set(
        tables_with(CANARY)
    )


def test_what_was_erased_is_in_no_pack_and_the_rest_stays(handover, client):
    places = len(handover.pack["map"]["points"])
    due()
    assert erase_due().kept == 0
    pack = told(handover)
    assert CANARY not in pack
    assert tables_with(CANARY) == []
    assert "The club" in pack
    erased = [row for row in handover.pack["challenges"] if "erased_on" in row]
    assert [row["erased_on"] for row in erased] == [timezone.localdate().isoformat()]
    assert set(erased[0]) == {"uuid", "item", "erased_on"}
    assert len(handover.pack["map"]["points"]) == places - 1
    page = client.get(reverse("sectorlog:handover_detail", args=[handover.uuid])).content.decode()
    assert "The club" in page
    assert client.get(reverse("sectorlog:handover_pdf", args=[handover.uuid])).status_code == 200


def test_a_contact_person_alone_goes_out_of_the_party(handover):
    contact = handover.pack["parties"]["first"][0]["contacts"][0]["uuid"]
    (party,) = Party.objects.filter(name=CANARY)
    party.contacts.update(review_on=timezone.localdate() - YESTERDAY)
    erase_due()
    handover.refresh_from_db()
    (row,) = handover.pack["parties"]["first"]
    assert row["name"] == CANARY
    assert row["contacts"] == [{"uuid": contact, "erased_on": timezone.localdate().isoformat()}]


def test_what_the_taker_settled_stays_settled(handover):
    for item in handover.items.all():
        settle(handover, item.uuid, CANARY if item.title == CANARY else "Later", accepted=False)
    due()
    erase_due()
    assert left_open(handover.items.all()) == 0
    assert CANARY not in told(handover)


def test_a_pack_on_hold_keeps_what_it_tells_until_the_hold_is_lifted(handover, sector, client):
    hold = Hold.objects.create(
        kind="handover", record=handover.uuid, sector=sector, reason="A court asks", by=UserFactory()
    )
    due()
    erase_due()
    assert CANARY in told(handover)
    url = reverse("sectorlog:handover_detail", args=[handover.uuid])
    assert CANARY not in client.get(url).content.decode()
    hold.lifted_at, hold.lifted_by = timezone.now(), hold.by
    hold.save()
    erase_due()
    assert CANARY not in told(handover)


def test_the_pack_of_another_sector_and_what_is_not_erased_are_left_alone(handover):
    elsewhere = Handover.objects.create(
        sector=SectorFactory(),
        taker=handover.taker,
        on=handover.on,
        made_by=handover.made_by,
        pack={"a": [1]},
    )
    before = handover.pack
    LogEntryFactory(sector=elsewhere.sector, review_on=timezone.localdate() - YESTERDAY)
    assert erase_due().erased == 1
    handover.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (handover.pack, elsewhere.pack) == (before, {"a": [1]})


def test_a_pack_changes_only_while_something_is_erased(handover):
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        Handover.objects.update(pack={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sectorlog.erasing', 'on', true)")
    Handover.objects.update(pack={})
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        Handover.objects.update(on=handover.on - YESTERDAY)


def test_many_packs_cost_few_queries(handover, django_assert_max_num_queries):
    Handover.objects.bulk_create(
        Handover(
            sector=handover.sector,
            taker=handover.taker,
            on=handover.on,
            made_by=handover.made_by,
            pack=handover.pack,
        )
        for _number in range(15)
    )
    LogEntryFactory.create_batch(20, sector=handover.sector)
    due(LogEntry)
    with django_assert_max_num_queries(55):
        assert erase_due().erased == 22
    assert not Handover.objects.filter(pack__promises__0__what=CANARY).exists()


def test_what_was_written_by_the_pages_is_nowhere_once_it_is_erased(client, officer, sector):
    """Notifications, sessions, messages, the words of the search and the cache included."""
    sent = typed(
        sector,
        text=CANARY,
        place_text=CANARY,
        promise_what=CANARY,
        promise_due_on=timezone.localdate(),
        **{"value-met": CANARY},
    )
    client.post(NEW, sent)
    entry = reverse("sectorlog:entry_detail", args=[sent["uuid"]])
    client.post(f"{entry}addenda/", {"text": CANARY, "uuid": str(PartyFactory().uuid)})
    ChallengeFactory(sector=sector, title=CANARY)
    parties = reverse("sectorlog:party_create", args=[sector.slug])
    client.post(parties, {"name": CANARY, "kind": "trade", "note": CANARY})
    assert Party.objects.filter(name=CANARY).exists()
    assert "public.sectorlog_entrysearch.document" in tables_with(CANARY)
    due()
    assert erase_due().kept == 0
    assert tables_with(CANARY) == []
    assert CANARY not in redis_dump()
    # What a page still has to say goes with the next one.
    client.get(reverse("sectorlog:log_home"))
    assert not any(CANARY in str(session.get_decoded()) for session in Session.objects.all())
