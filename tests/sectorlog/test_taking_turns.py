"""Those who write in one sector at once: what they lock crosses, and all of them succeed."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from sectorlog.entries.correction import correct, fingerprint
from sectorlog.entries.writing import write
from sectorlog.models import ContactPerson, LogEntry, Party, PartyContact
from sectorlog.parties.merging import merge
from sectorlog.retention.erasing import erase_due
from sectorlog.retention.reviewing import named
from tests.factories import (
    ContactPersonFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
    days_ago,
    head_of,
)
from tests.sectorlog.entry_pages import officer_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sector():
    return SectorFactory()


class Session(threading.Thread):
    """Somebody who works at the same time, with a connection of their own."""

    def __init__(self, act, *args, **kwargs):
        super().__init__(daemon=True)
        self.act = lambda: act(*args, **kwargs)
        self.fault = None

    def run(self):
        try:
            self.act()
        except Exception as fault:  # told by the test
            self.fault = fault
        finally:
            connection.close()


def count_waiting() -> int:
    with connection.cursor() as cursor:
        # Within a transaction the list of sessions stays as it was first read.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def wait_until_waiting(number, *sessions):
    ends = time.monotonic() + 10
    while count_waiting() < number and time.monotonic() < ends:
        time.sleep(0.02)
    assert count_waiting() == number, [session.fault for session in sessions]


def run_while_held(rows, *sessions, seconds=0):
    """Let the sessions come to a halt one after the other while `rows` are held, then let all of them go on."""
    try:
        with transaction.atomic():
            list(rows.order_by("pk").select_for_update())
            for number, session in enumerate(sessions, start=1):
                session.start()
                wait_until_waiting(number, session)
            time.sleep(seconds)
    finally:
        for session in sessions:
            if session.ident is not None:
                session.join(timeout=20)
    assert [session.fault for session in sessions] == [None] * len(sessions)


def correction(entry, *, changes=None, **about):
    return Session(correct, entry, changes or {"text": "Corrected."}, about, as_of=fingerprint(entry))


def parties_of(entry):
    return set(LogEntry.objects.get(pk=entry.pk).parties.all())


def test_a_correction_and_a_new_entry_about_the_same_party_and_group(sector):
    party, group = PartyFactory(sector=sector), TargetGroupFactory(station=sector.station)
    entry = LogEntryFactory(sector=sector, parties=[party])
    new = LogEntryFactory.build(sector=sector, author=UserFactory(), happened_at=days_ago(0.5))
    earlier = days_ago(1)
    run_while_held(
        # Who links the new entry with the party waits; by then it is linked with the group.
        Party.objects.filter(pk=party.pk),
        Session(write, new, groups=[group], parties=[party]),
        correction(entry, changes={"happened_at": earlier}, groups=[group]),
    )
    assert {(one.happened_at, *one.parties.all(), *one.groups.all()) for one in LogEntry.objects.all()} == {
        (earlier, party, group),
        (new.happened_at, party, group),
    }
    assert PartyContact.objects.get().happened_at == new.happened_at


def test_two_corrections_that_swap_two_parties(sector):
    one, two = PartyFactory.create_batch(2, sector=sector)
    first, second = (LogEntryFactory(sector=sector, parties=[party]) for party in (one, two))
    run_while_held(
        Party.objects.filter(pk__in=[one.pk, two.pk]),
        correction(first, parties=[two]),
        correction(second, parties=[one]),
    )
    assert (parties_of(first), parties_of(second)) == ({two}, {one})
    kept = dict(PartyContact.objects.values_list("party", "happened_at"))
    assert kept == {one.pk: second.happened_at, two.pk: first.happened_at}


def test_a_merge_and_a_correction_that_names_the_party_that_goes(sector):
    stays, goes = PartyFactory.create_batch(2, sector=sector)
    contact = ContactPersonFactory(party=goes)
    entry = LogEntryFactory(sector=sector, parties=[stays])
    other = LogEntryFactory(sector=sector, parties=[goes])
    run_while_held(
        ContactPerson.objects.filter(pk=contact.pk),
        Session(merge, stays, goes, {}),
        correction(entry, changes={"happened_at": days_ago(0.5)}, parties=[stays, goes]),
    )
    assert (parties_of(entry), parties_of(other)) == ({stays}, {stays})


def test_a_party_that_has_gone_and_a_correction_that_names_its_double(sector):
    party = PartyFactory(sector=sector)
    double = PartyFactory(sector=sector, merged_into=party)
    entry = LogEntryFactory(sector=sector, parties=[party])
    officer = Client()
    officer.force_login(officer_of(sector))
    run_while_held(
        Party.objects.filter(pk=double.pk),
        correction(entry, parties=[double]),
        Session(officer.post, f"/log/parties/{party.uuid}/gone/"),
    )
    assert Party.objects.get(pk=party.pk).gone_at is not None
    assert parties_of(entry) == {party}


def test_the_night_waits_for_who_names_a_double_of_what_it_erases(sector):
    first = PartyFactory(sector=sector)
    old = PartyFactory(sector=sector, review_on=days_ago(2).date())
    double = PartyFactory(sector=sector, merged_into=old)
    new = LogEntryFactory.build(sector=sector, author=UserFactory())
    run_while_held(
        Party.objects.filter(pk=first.pk),
        Session(write, new, parties=[first, double]),
        Session(erase_due),
        # Longer than the database lets somebody wait before it looks whether two wait for each other.
        seconds=1.2,
    )
    assert list(Party.objects.all()) == [first]
    assert parties_of(new) == {first}


def test_a_head_who_reviews_parties_and_an_officer_who_names_them(sector):
    # The head has them by name, who writes by key.
    parties = [PartyFactory(sector=sector, name=name) for name in "CBA"]
    new = LogEntryFactory.build(sector=sector, author=UserFactory())
    head = head_of(sector.station)

    @transaction.atomic
    def review():
        assert len(named(head, [f"party:{party.uuid}" for party in parties])) == 3

    run_while_held(
        Party.objects.filter(pk=parties[1].pk),
        Session(write, new, parties=parties),
        Session(review),
        seconds=0.2,
    )
    assert parties_of(new) == set(parties)


def test_who_writes_in_another_sector_does_not_wait(sector):
    party = PartyFactory(sector=sector)
    new, elsewhere = (
        LogEntryFactory.build(sector=where, author=UserFactory()) for where in (sector, SectorFactory())
    )
    waiting = Session(write, new, parties=[party])
    try:
        with transaction.atomic():
            Party.objects.select_for_update().get(pk=party.pk)
            waiting.start()
            wait_until_waiting(1, waiting)
            write(elsewhere)
            assert count_waiting() == 1
    finally:
        waiting.join(timeout=20)
    assert waiting.fault is None
    assert LogEntry.objects.count() == 2
