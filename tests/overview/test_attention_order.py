"""The list: one order for all kinds, pages of it, numbers beside it; and who sees what of it."""

import pytest
import time_machine

from contacts.models import MessageEvent
from officers.models import User
from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.gathering import gather, urgent_counts
from overview.attention.statement import LONGEST
from overview.scope import headed, in_attention, key_of, scope_of
from sectors.models import BoundaryRelease
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ChallengeFactory,
    CoverFactory,
    LeadershipFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    SourceReferralFactory,
    UserFactory,
    between,
    days_ago,
    head_of,
    head_of_district,
)
from tests.overview.waiting import city_of, group, kinds, message, noon, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return city_of()


@pytest.fixture
def neglected():
    """Return a city in whose northern sector something of each kind waits; in the southern one nothing."""
    city = city_of(written=25)
    everything_in(city)
    LogEntryFactory(sector=city.southern)
    return city


def officer_in(sector, **rest):
    user = UserFactory()
    officer = OfficerFactory(station=sector.station, user=user)
    AssignmentFactory(officer=officer, sector=sector, **rest)
    return user


def promise(sector, *, made, due):
    """Return a promise made so many days ago for the day so many days ago."""
    entry = LogEntryFactory(sector=sector, happened_at=noon(made))
    return PromiseFactory(entry=entry, due_on=noon(due).date())


def everything_in(city):
    """Let something of each kind wait in the northern sector."""
    message(city.sector, hours_over=2)
    PromiseFactory(entry=LogEntryFactory(sector=city.sector, happened_at=noon(20)), due_on=noon(2).date())
    SourceReferralFactory(district=city.north)
    group(city.sector, met=30)
    ChallengeFactory(sector=city.sector, opened_at=days_ago(50))
    PartyFactory(sector=city.sector, interval_days=30, created_at=noon(40))


# --- Order --------------------------------------------------------------------------------------


def test_what_waited_longest_of_its_allowed_time_stands_first(city):
    group(city.sector, met=50, interval=20)
    group(city.sector, met=70, interval=60)
    PartyFactory(sector=city.southern, interval_days=30, created_at=noon(90))
    group(city.sector, met=19, interval=20)
    message(city.southern, hours_over=-1)
    items = waits(city.head)
    urgencies = [item.urgency for item in items]
    assert urgencies == sorted(urgencies, reverse=True)
    assert [item.kind for item in items[:3]] == [ItemKind.PARTY, ItemKind.GROUP, ItemKind.GROUP]
    assert [item.is_past for item in items] == [True, True, True, False, False]


def test_what_citizens_were_promised_stands_before_everything_else_that_is_past_its_time(city):
    group(city.sector, met=395, interval=1)
    late = promise(city.sector, made=300, due=1)
    later = promise(city.sector, made=6, due=5)
    overdue = [message(city.southern, hours_over=hours) for hours in (1, 9)]
    came_back = message(city.sector, hours_over=-1, answered_at=days_ago(1))
    came_back.events.create(kind=MessageEvent.Kind.BOUNCED, at=days_ago(0.2))
    near = [message(city.southern, hours_over=-1), promise(city.sector, made=9, due=0)]
    items = waits(city.head)
    assert [item.key for item in items[:5]] == [
        one.pk for one in (overdue[1], came_back, overdue[0], later, late)
    ]
    assert [item.kind for item in items[5:]] == [ItemKind.GROUP, ItemKind.MESSAGE, ItemKind.PROMISE]
    assert {item.key for item in items[6:]} == {one.pk for one in near}
    assert items[5].urgency > 100


def test_in_the_other_order_no_kind_stands_before_another(city):
    group(city.sector, met=100, interval=60)
    message(city.sector, hours_over=1)
    promise(city.sector, made=30, due=20)
    asked = Asked(city.head, scope_of(city.head, "", headed(city.head)))
    longest = gather(asked, limit=10, order=LONGEST).items
    assert kinds(longest) == [ItemKind.GROUP, ItemKind.PROMISE, ItemKind.MESSAGE]


def test_in_the_other_order_what_is_past_its_time_for_most_days_stands_first(city):
    group(city.sector, met=50, interval=20)
    group(city.sector, met=100, interval=60)
    group(city.sector, met=19, interval=20)
    asked = Asked(city.head, scope_of(city.head, "", headed(city.head)))
    items = gather(asked, limit=10, order=LONGEST).items
    assert [item.late for item in items] == [
        "40 days past its time.",
        "30 days past its time.",
        "Due in 1 day.",
    ]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(city):
    for number in range(7):
        group(city.sector, met=30 + number)
        message(city.sector, hours_over=number)
    asked = Asked(city.head, scope_of(city.head, "", headed(city.head)))
    pages = [gather(asked, limit=5, offset=offset).items for offset in (0, 5, 10, 15)]
    found = [(item.kind, item.key) for page in pages for item in page]
    assert [len(page) for page in pages] == [5, 5, 4, 0]
    assert found == [(item.kind, item.key) for item in waits(city.head)]
    assert len(set(found)) == 14


def test_the_numbers_tell_of_all_kinds_whatever_is_listed(city):
    message(city.sector, hours_over=1)
    message(city.sector, hours_over=-1)
    group(city.sector, met=30)
    scope = scope_of(city.head, "", headed(city.head))
    assert gather(Asked(city.head, scope), limit=0).counts[ItemKind.MESSAGE] == 2
    assert urgent_counts(city.head, scope)[ItemKind.MESSAGE] == 1
    gathered = gather(Asked(city.head, scope), limit=10, kinds=[ItemKind.GROUP])
    assert kinds(gathered.items) == [ItemKind.GROUP]
    assert gathered.counts[ItemKind.MESSAGE] == 2
    assert gathered.counts[ItemKind.PARTY] == 0


# --- Who sees what ------------------------------------------------------------------------------


def test_the_head_of_the_district_sees_each_kind_there_and_nothing_elsewhere(neglected):
    assert set(kinds(waits(head_of_district(neglected.north)))) == set(ItemKind)
    assert waits(head_of_district(neglected.south)) == []


def test_the_head_of_the_station_sees_all_of_it(neglected):
    assert set(kinds(waits(neglected.head))) == set(ItemKind)
    assert waits(head_of(SectorFactory().station)) == []


def test_an_officer_sees_what_waits_in_their_sectors_and_never_a_referral(neglected):
    assert set(kinds(waits(officer_in(neglected.sector)))) == set(ItemKind) - {ItemKind.REFERRAL}
    assert set(kinds(waits(officer_in(neglected.sector, role="attached")))) == set(ItemKind) - {
        ItemKind.REFERRAL
    }
    assert waits(officer_in(neglected.southern)) == []


def test_the_head_of_a_district_sees_a_message_only_when_it_is_overdue(city):
    head = head_of_district(city.north)
    message(city.sector, hours_over=-1)
    assert waits(head) == []
    assert kinds(waits(city.head)) == [ItemKind.MESSAGE]
    message(city.sector, hours_over=1)
    assert kinds(waits(head)) == [ItemKind.MESSAGE]


def test_the_head_of_the_station_is_told_how_many_referrals_wait_and_since_when(city):
    first = SourceReferralFactory(district=city.north)
    SourceReferralFactory(district=city.north, key=first.key)
    own = waits(head_of_district(city.north))
    assert [item.subject for item in own] == ["sectorlog.sourcereferral"] * 2
    [told] = waits(city.head)
    assert (told.kind, told.subject, told.sector) == (ItemKind.REFERRAL, "", None)
    assert told.story.startswith("2 wait")


def test_who_heads_station_and_district_gets_each_referral_once(city):
    LeadershipFactory(user=city.head, station=city.station, district=city.north)
    SourceReferralFactory(district=city.north)
    SourceReferralFactory(district=city.south)
    subjects = sorted(item.subject for item in waits(city.head))
    assert subjects == ["", "sectorlog.sourcereferral"]


def test_a_referral_belongs_to_a_district_and_to_no_sector_of_it(city):
    SourceReferralFactory(district=city.north)
    assert kinds(waits(city.head, key_of(city.north))) == [ItemKind.REFERRAL]
    assert waits(city.head, key_of(city.south)) == []
    assert waits(city.head, key_of(city.sector)) == []


def test_a_place_leaves_what_waits_elsewhere(city):
    group(city.sector, met=30)
    message(city.southern, hours_over=1)
    assert kinds(waits(city.head, key_of(city.sector))) == [ItemKind.GROUP]
    assert kinds(waits(city.head, key_of(city.south))) == [ItemKind.MESSAGE]
    assert len(waits(city.head, key_of(city.station))) == 2


def test_what_waits_is_gone_with_the_right_to_see_it(city):
    group(city.sector, met=30)
    head = LeadershipFactory(station=city.station, district=city.north, period=between(days=(-30, 1))).user
    assert len(waits(head)) == 1
    with time_machine.travel(days_ago(-2)):
        assert waits(User.objects.get(pk=head.pk)) == []


def test_what_began_in_a_sector_that_was_drawn_away_is_not_over(city):
    gone = SectorFactory(district=city.north)
    message(gone, hours_over=1)
    group(gone, met=90)
    [item] = waits(city.head)
    assert (item.kind, item.sector) == (ItemKind.MESSAGE, gone)


def test_nothing_waits_in_a_station_without_sectors():
    assert waits(LeadershipFactory().user) == []


# --- Mine ---------------------------------------------------------------------------------------


def test_mine_is_what_waits_in_the_sectors_one_answers_for(city):
    user = officer_in(city.sector)
    AssignmentFactory(officer=user.officer, sector=city.southern, role="attached")
    group(city.sector, met=30)
    group(city.southern, met=30)
    message(city.sector, hours_over=1)
    message(city.southern, hours_over=1)
    assert len(waits(user)) == 4
    mine = waits(user, mine=True)
    assert {item.sector for item in mine} == {city.sector}
    assert set(kinds(mine)) == {ItemKind.GROUP, ItemKind.MESSAGE}


def test_mine_holds_the_messages_that_one_takes_care_of_and_not_those_of_others(city):
    user, other = officer_in(city.sector), officer_in(city.sector, role="attached")
    AssignmentFactory(officer=user.officer, sector=city.southern, role="attached")
    message(city.sector, hours_over=1, assigned_to=other)
    taken = message(city.southern, hours_over=1, assigned_to=user)
    assert [item.key for item in waits(user, mine=True)] == [taken.pk]
    assert kinds(waits(other, mine=True)) == [ItemKind.MESSAGE]


def test_who_covers_a_sector_finds_it_among_their_own(city):
    away, cover = officer_in(city.sector), officer_in(city.southern)
    absence = AbsenceFactory(officer=away.officer, period=between(days=(-1, 5)))
    CoverFactory(absence=absence, officer=cover.officer, sector=city.sector)
    group(city.sector, met=30)
    assert [item.sector for item in waits(cover, mine=True)] == [city.sector]
    assert [item.sector for item in waits(away, mine=True)] == [city.sector]


def test_a_head_who_works_nowhere_has_the_referrals_to_them_alone(neglected):
    assert waits(neglected.head, mine=True) == []
    assert kinds(waits(head_of_district(neglected.north), mine=True)) == [ItemKind.REFERRAL]


def test_a_head_who_works_in_a_sector_finds_it_among_their_own(city):
    user = officer_in(city.sector)
    LeadershipFactory(user=user, station=city.station, district=city.south)
    group(city.sector, met=30)
    group(city.southern, met=30)
    assert len(waits(user)) == 2
    assert [item.sector for item in waits(user, mine=True)] == [city.sector]


# --- Cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sectors", [1, 20])
def test_a_page_costs_as_many_queries_whatever_there_is(neglected, django_assert_max_num_queries, sectors):
    release = BoundaryRelease.objects.get(station=neglected.station)
    for number in range(sectors - 1):
        sector = SectorFactory(district=neglected.north)
        group(sector, met=30 + number)
        message(sector, hours_over=number)
    user = User.objects.get(pk=neglected.head.pk)
    assert user.standing
    assert release.boundaries.count() == 2
    scope = scope_of(user, "", in_attention(user))
    # One for the list, at most one for each source, one more for the contacts of groups, one for sectors drawn away.
    with django_assert_max_num_queries(11):
        assert set(kinds(gather(Asked(user, scope), limit=25).items)) >= {ItemKind.GROUP, ItemKind.MESSAGE}


def test_a_hundred_due_parties_cost_two_queries(city, django_assert_num_queries):
    PartyFactory.create_batch(100, sector=city.sector, interval_days=30, created_at=noon(90))
    user = city.head
    assert user.standing
    scope = scope_of(user, "", in_attention(user))
    with django_assert_num_queries(2):
        gathered = gather(Asked(user, scope), limit=25)
    assert (len(gathered.items), gathered.counts[ItemKind.PARTY]) == (25, 100)
