import datetime

import pytest
import time_machine
from django.utils import timezone

from sectorlog.models import Party
from sectorlog.parties.last_contact import with_last_contact
from sectorlog.visits.due import due_visits, visit_of
from tests.factories import LogEntryFactory, PartyFactory, SectorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


def met(party, *, days_ago):
    # By the calendar: a day on which the clocks change has no 24 hours.
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    noon = datetime.datetime.combine(day, datetime.time(12), timezone.get_current_timezone())
    LogEntryFactory(sector=party.sector, happened_at=min(noon, timezone.now()), parties=[party])
    return party


def names(visits):
    return [visit.party.name for visit in visits]


def test_a_visit_is_due_when_the_agreed_interval_has_passed(sector):
    met(PartyFactory(sector=sector, name="Bakery", interval_days=30), days_ago=31)
    met(PartyFactory(sector=sector, name="Club", interval_days=30), days_ago=29)
    assert names(due_visits([sector])) == ["Bakery"]


def test_a_visit_is_due_on_the_day_itself_and_overdue_after_it(sector):
    met(PartyFactory(sector=sector, interval_days=30), days_ago=30)
    (today,) = due_visits([sector])
    assert (today.state, today.days_over, today.is_overdue) == ("due", 0, False)
    (tomorrow,) = due_visits([sector], timezone.localdate() + datetime.timedelta(days=1))
    assert (tomorrow.days_over, tomorrow.is_overdue) == (1, True)


def test_the_newest_entry_counts_whatever_was_written_last(sector):
    party = met(PartyFactory(sector=sector, interval_days=10), days_ago=2)
    met(party, days_ago=50)
    assert due_visits([sector]) == []


def test_who_was_never_met_is_due_since_they_were_entered(sector):
    PartyFactory(sector=sector, name="New", interval_days=365)
    (visit,) = due_visits([sector])
    assert visit.last_contact is None
    assert visit.due_on == timezone.localdate()


def test_the_longest_due_comes_first(sector):
    met(PartyFactory(sector=sector, name="A", interval_days=10), days_ago=11)
    met(PartyFactory(sector=sector, name="B", interval_days=10), days_ago=80)
    PartyFactory(sector=sector, name="C", interval_days=10)
    assert names(due_visits([sector])) == ["B", "A", "C"]


def test_without_an_agreement_or_gone_nobody_is_due(sector):
    PartyFactory(sector=sector, interval_days=None)
    PartyFactory(sector=sector, interval_days=1, gone_at=timezone.now())
    stays = PartyFactory(sector=sector, name="Stays", interval_days=1)
    PartyFactory(sector=sector, interval_days=1, merged_into=stays)
    assert names(due_visits([sector])) == ["Stays"]


def test_what_becomes_due_soon_is_there_when_asked_for(sector):
    met(PartyFactory(sector=sector, name="Soon", interval_days=30), days_ago=25)
    met(PartyFactory(sector=sector, name="Later", interval_days=30), days_ago=22)
    (visit,) = due_visits([sector], within_days=7)
    assert (visit.party.name, visit.state, visit.days_over) == ("Soon", "soon", -5)


def test_other_sectors_stay_out_and_one_query_answers_for_all(sector, django_assert_num_queries):
    other, foreign = SectorFactory(), SectorFactory()
    for place in (sector, other, foreign):
        for number in range(3):
            PartyFactory(sector=place, name=f"{place.pk}-{number}", interval_days=10)
    with django_assert_num_queries(1):
        visits = due_visits([sector, other])
        assert {str(visit.party.sector.name) for visit in visits} == {sector.name, other.name}
    assert len(visits) == 6


def test_the_day_is_counted_on_the_clock_of_the_place(sector):
    # 23:30 UTC on 1 June is half past one on 2 June in Copenhagen.
    with time_machine.travel("2026-06-01T23:30:00Z", tick=False):
        met(PartyFactory(sector=sector, interval_days=1), days_ago=0)
    assert due_visits([sector], datetime.date(2026, 6, 2)) == []
    assert len(due_visits([sector], datetime.date(2026, 6, 3))) == 1


@pytest.mark.parametrize("hour", [0, 1, 22, 23])
@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_no_visit_is_lost_around_a_change_of_the_clock(sector, day, hour):
    with time_machine.travel(f"{day}T{hour:02}:30:00Z", tick=False):
        party = met(PartyFactory(sector=sector, interval_days=1), days_ago=0)
        last = timezone.localdate()
    assert due_visits([sector], last) == []
    assert names(due_visits([sector], last + datetime.timedelta(days=1))) == [party.name]


def test_a_party_without_agreement_stands_open(sector):
    PartyFactory(sector=sector)
    (party,) = with_last_contact(Party.objects.all())
    visit = visit_of(party, timezone.localdate())
    assert (visit.state, visit.due_on, visit.is_overdue) == ("open", None, False)
