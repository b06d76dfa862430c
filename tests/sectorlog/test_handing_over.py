"""Making a hand-over, accepting it thing by thing, signing it; and who reads it."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from notifications.models import Notification
from officers.models import Assignment
from sectorlog.handover.due import due, proposal_for
from sectorlog.handover.handing_over import HandoverRefused, left_open, make, settle, sign, signs_for
from sectorlog.models import Handover, HandoverItem
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
    between,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def giver(sector):
    row = AssignmentFactory(sector=sector, officer__user=UserFactory(), period=between(days=(-90, 20)))
    return row.officer


@pytest.fixture
def coming(sector, giver):
    """The appointment of the successor."""
    return AssignmentFactory(sector=sector, officer__user=UserFactory(), period=between(days=(20, 200)))


@pytest.fixture
def handover(sector, giver, coming):
    ContactPersonFactory(party=PartyFactory(sector=sector, name="Club"))
    ChallengeFactory(sector=sector, title="Noise")
    return make(sector, coming.officer, timezone.localdate(), by=head_of_district(sector.district))


def settle_all(handover):
    for item in handover.items.all():
        settle(handover, item.uuid, "", accepted=True)


def test_both_are_told_without_content(handover, giver):
    told = Notification.objects.filter(event="sectorlog.handover_made")
    assert {row.recipient for row in told} == {giver.user, handover.taker.user}
    assert "Club" not in str([row.context for row in told])


def test_who_makes_it_is_not_told(sector, giver, coming):
    make(sector, coming.officer, timezone.localdate(), by=giver.user)
    assert [row.recipient for row in Notification.objects.all()] == [coming.officer.user]


def test_each_thing_becomes_an_item_that_its_row_names(handover):
    kinds = list(handover.items.values_list("kind", "title"))
    assert kinds == [("party", "Club"), ("challenge", "Noise")]
    assert handover.pack["challenges"][0]["item"] == 2


def test_the_same_hand_over_is_not_made_twice(handover, sector):
    with pytest.raises(HandoverRefused):
        make(sector, handover.taker, handover.on, by=UserFactory())
    assert Handover.objects.count() == 1


def test_the_giver_is_who_is_responsible_on_the_day(handover, giver):
    assert handover.giver == giver


def test_on_the_first_day_of_the_taker_the_giver_is_the_predecessor(sector, giver, coming):
    # Without a gap between the two.
    ends = Assignment.objects.get(officer=giver).period.upper
    Assignment.objects.filter(pk=coming.pk).update(period=(ends, None))
    on = timezone.localdate() + datetime.timedelta(days=25)
    assert make(sector, coming.officer, on, by=UserFactory()).giver == giver


def test_a_vacant_post_has_no_giver(sector):
    taker = AssignmentFactory(sector=sector, period=between(days=(3, 90))).officer
    assert make(sector, taker, timezone.localdate(), by=UserFactory()).giver is None


def test_the_taker_signs_only_once_everything_is_accepted_or_explained(handover):
    first, second = handover.items.all()
    settle(handover, first.uuid, "Met the chair", accepted=True)
    with pytest.raises(HandoverRefused):
        sign(handover, by=handover.taker.user)
    settle(handover, second.uuid, "Nobody knows what it is about", accepted=False)
    assert left_open(handover.items.all()) == 0
    sign(handover, by=handover.taker.user)
    handover.refresh_from_db()
    assert handover.taker_signed_at
    assert not handover.giver_signed_at


def test_after_the_takers_signature_no_item_changes(handover):
    settle_all(handover)
    sign(handover, by=handover.taker.user)
    with pytest.raises(HandoverRefused):
        settle(handover, handover.items.first().uuid, "Changed", accepted=False)
    assert not handover.items.filter(note="Changed").exists()


def test_an_item_of_another_hand_over_is_refused(handover):
    other = HandoverItem.objects.create(handover=handover, kind="party", title="x")
    elsewhere = SectorFactory()
    taker = AssignmentFactory(sector=elsewhere).officer
    foreign = make(elsewhere, taker, timezone.localdate(), by=UserFactory())
    with pytest.raises(HandoverRefused):
        settle(foreign, other.uuid, "", accepted=True)


def test_each_signs_for_themselves_alone(handover, giver, sector):
    assert signs_for(giver.user, handover) == "giver"
    assert signs_for(handover.taker.user, handover) == "taker"
    assert signs_for(head_of(sector.station), handover) is None
    sign(handover, by=giver.user)
    handover.refresh_from_db()
    assert handover.giver_signed_at
    assert handover.giver_signed_by == giver.user
    assert not handover.taker_signed_at
    with pytest.raises(HandoverRefused):
        sign(handover, by=giver.user)


def test_the_other_side_is_told_of_a_signature(handover, giver):
    sign(handover, by=giver.user)
    (row,) = Notification.objects.filter(event="sectorlog.handover_signed")
    assert row.recipient == handover.taker.user


@pytest.mark.parametrize("gone", ["left", "no account", "switched off", "vacant"])
def test_a_head_signs_where_the_giver_is_gone(sector, gone):
    head = head_of_district(sector.district)
    if gone != "vacant":
        period = between(days=(-90, -1)) if gone == "left" else between(days=(-90, 2))
        user = None if gone == "no account" else UserFactory(is_active=gone != "switched off")
        post = AssignmentFactory(sector=sector, officer__user=user, period=period)
    taker = AssignmentFactory(sector=sector, attached=True, officer__user=UserFactory()).officer
    handover = Handover.objects.create(
        sector=sector,
        giver=None if gone == "vacant" else post.officer,
        taker=taker,
        on=timezone.localdate(),
        made_by=head,
    )
    assert signs_for(head, handover) == "giver"
    assert signs_for(head_of(SectorFactory().station), handover) is None
    sign(handover, by=head)
    handover.refresh_from_db()
    assert handover.giver_signed_at
    assert handover.giver_signed_by == head


def test_the_database_keeps_pack_and_signatures(handover, giver):
    sign(handover, by=giver.user)
    for change in (
        {"pack": {}},
        {"giver_signed_at": None},
        {"giver_signed_by": UserFactory()},
        {"giver_signed_by": None},
        {"on": timezone.localdate() - datetime.timedelta(days=1)},
    ):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(**change)


def test_the_taker_reads_the_pack_before_the_appointment_begins_and_no_other(handover, sector):
    older = Handover.objects.create(
        sector=sector, taker=handover.giver, on=timezone.localdate(), made_by=UserFactory()
    )
    seen = Handover.objects.visible_to(handover.taker.user)
    assert list(seen) == [handover]
    assert older in Handover.objects.visible_to(handover.giver.user)


def test_a_withdrawn_appointment_ends_the_takers_sight(handover, coming):
    Assignment.objects.filter(pk=coming.pk).update(withdrawn_at=timezone.now())
    assert not Handover.objects.visible_to(handover.taker.user).exists()


def test_an_appointment_that_has_ended_ends_it_too(sector):
    post = AssignmentFactory(sector=sector, officer__user=UserFactory(), period=between(days=(-9, -1)))
    Handover.objects.create(sector=sector, taker=post.officer, on=timezone.localdate(), made_by=UserFactory())
    assert not Handover.objects.visible_to(post.officer.user).exists()


def test_a_hand_over_is_due_a_month_before_the_officer_leaves(sector, giver, coming):
    (found,) = due(_all(sector))
    assert (found.giver, found.taker) == (giver.name, coming.officer.name)
    assert found.days_left in (19, 20)
    make(sector, coming.officer, timezone.localdate(), by=UserFactory())
    assert due(_all(sector)) == []
    assert proposal_for(sector).is_made


def test_the_day_of_the_hand_over_counts_where_one_is_named(sector):
    day = timezone.localdate() + datetime.timedelta(days=5)
    AssignmentFactory(sector=sector, hand_over_on=day, period=between(days=(-9, 60)))
    (found,) = due(_all(sector))
    assert (found.on, found.days_left, found.taker) == (day, 5, "")


def test_nobody_is_due_who_stays_or_leaves_later(sector):
    AssignmentFactory(sector=sector, period=between(days=(-9, 60)))
    AssignmentFactory(sector=SectorFactory(district=sector.district))
    assert due(_all(sector)) == []


def _all(sector):
    return Q(sector__station=sector.station_id)
