"""When groups and parties were met last: kept by the database, whatever is done to the entries' links."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sectorlog.models import EntryGroup, EntryParty, GroupContact, LogEntry, Party, PartyContact
from sectorlog.retention.erasing import erase_due
from tests.factories import LogEntryFactory, PartyFactory, SectorFactory, TargetGroupFactory, days_ago

pytestmark = pytest.mark.django_db


def of_parties():
    met = PartyContact.objects.exclude(happened_at=None)
    return dict(met.values_list("party", "happened_at"))


def visits():
    return dict(PartyContact.objects.exclude(visit_due_at=None).values_list("party", "visit_due_at"))


def of_groups():
    return {
        (sector, group): at
        for sector, group, at in GroupContact.objects.values_list("sector", "group", "happened_at")
    }


def by_the_links():
    parties = dict(EntryParty.objects.values_list("party").annotate(Max("happened_at")).order_by())
    groups = EntryGroup.objects.values_list("sector", "group").annotate(last=Max("happened_at")).order_by()
    return parties, {(sector, group): at for sector, group, at in groups}


def let_erase():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL sectorlog.erasing = 'on'")


def test_the_newest_entry_counts_whatever_order_they_come_in():
    sector = SectorFactory()
    party, group = PartyFactory(sector=sector), TargetGroupFactory(station=sector.station)
    for days in (5, 2, 9):
        LogEntryFactory(sector=sector, parties=[party], groups=[group], happened_at=days_ago(days))
    newest = LogEntry.objects.order_by("-happened_at").first().happened_at
    assert of_parties() == {party.pk: newest}
    assert of_groups() == {(sector.pk, group.pk): newest}


def test_an_entry_that_is_corrected_takes_its_contact_along():
    party = PartyFactory()
    entry = LogEntryFactory(sector=party.sector, parties=[party], happened_at=days_ago(0.1))
    earlier = days_ago(3)
    entry.happened_at = earlier
    entry.save()
    assert of_parties() == {party.pk: earlier}


def test_an_entry_that_goes_leaves_the_one_before_and_the_last_leaves_nothing():
    sector = SectorFactory()
    party, group = PartyFactory(sector=sector), TargetGroupFactory(station=sector.station)
    older, newer = (
        LogEntryFactory(sector=sector, parties=[party], groups=[group], happened_at=days_ago(days))
        for days in (9, 2)
    )
    let_erase()
    EntryParty.objects.filter(entry=newer).delete()
    EntryGroup.objects.filter(entry=newer).delete()
    assert of_parties() == {party.pk: older.happened_at}
    assert of_groups() == {(sector.pk, group.pk): older.happened_at}
    EntryParty.objects.filter(entry=older).delete()
    EntryGroup.objects.filter(entry=older).delete()
    assert (of_parties(), of_groups()) == ({}, {})


def test_a_party_that_is_merged_hands_its_contact_on():
    stays = PartyFactory()
    goes = PartyFactory(sector=stays.sector)
    LogEntryFactory(sector=stays.sector, parties=[stays], happened_at=days_ago(9))
    newer = LogEntryFactory(sector=stays.sector, parties=[goes], happened_at=days_ago(2))
    EntryParty.objects.filter(party=goes).update(party=stays)
    assert of_parties() == {stays.pk: newer.happened_at}


def test_what_is_undone_was_never_a_contact():
    party = PartyFactory()
    with transaction.atomic():
        LogEntryFactory(sector=party.sector, parties=[party])
        transaction.set_rollback(True)
    assert of_parties() == {}


def test_a_visit_is_due_so_many_days_after_the_last_contact():
    party = PartyFactory(interval_days=30)
    assert visits() == {party.pk: party.created_at}
    entry = LogEntryFactory(sector=party.sector, parties=[party], happened_at=days_ago(10))
    assert visits() == {party.pk: entry.happened_at + datetime.timedelta(days=30)}
    let_erase()
    EntryParty.objects.all().delete()
    assert visits() == {party.pk: party.created_at}


def test_another_interval_moves_the_visit_and_none_ends_it():
    party = PartyFactory(interval_days=None)
    entry = LogEntryFactory(sector=party.sector, parties=[party], happened_at=days_ago(10))
    assert visits() == {}
    Party.objects.filter(pk=party.pk).update(interval_days=7)
    assert visits() == {party.pk: entry.happened_at + datetime.timedelta(days=7)}
    Party.objects.filter(pk=party.pk).update(interval_days=None)
    assert visits() == {}
    assert of_parties() == {party.pk: entry.happened_at}


def test_who_has_gone_or_was_merged_is_visited_no_more():
    stays, goes, merged = PartyFactory.create_batch(3, interval_days=7)
    Party.objects.filter(pk=goes.pk).update(gone_at=timezone.now())
    Party.objects.filter(pk=merged.pk).update(merged_into=stays)
    assert list(visits()) == [stays.pk]
    Party.objects.filter(pk=goes.pk).update(gone_at=None)
    assert set(visits()) == {stays.pk, goes.pk}


@pytest.mark.parametrize("interval", [None, 7])
def test_a_party_that_is_erased_takes_along_what_is_kept_of_it(interval):
    party = PartyFactory(interval_days=interval, review_on=timezone.localdate() - datetime.timedelta(days=2))
    LogEntryFactory(sector=party.sector, parties=[party], review_on=party.review_on)
    assert erase_due().erased == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not PartyContact.objects.exists()


class KeptAsTheLinksSay(TestCase):
    """Whatever is linked and taken away in whatever order, the rows say what a look at all links says."""

    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 30), st.booleans()),
            min_size=1,
            max_size=8,
        )
    )
    @settings(max_examples=20)
    def test_rows_agree_with_the_links(self, done):
        sector = SectorFactory()
        parties = PartyFactory.create_batch(3, sector=sector)
        groups = TargetGroupFactory.create_batch(3, station=sector.station)
        let_erase()
        for party, group, days, goes_again in done:
            entry = LogEntryFactory(
                sector=sector,
                parties=[parties[party]],
                groups=[groups[group]],
                happened_at=days_ago(days) + datetime.timedelta(seconds=days),
            )
            if goes_again:
                EntryParty.objects.filter(entry=entry).delete()
                EntryGroup.objects.filter(entry=entry).delete()
            assert (of_parties(), of_groups()) == by_the_links()
