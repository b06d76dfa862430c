"""What was worked out is used again while nothing has changed, and never a moment longer."""

import datetime
from unittest.mock import Mock

import pytest
from django.utils import timezone

from notifications.models import UndeliverableAddress
from overview.keeping import Kept, state
from overview.models import CountedMonth
from sectors.models import ManningBasis
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    ContactHoursFactory,
    EventFactory,
    HandoverFactory,
    OfficerFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
    square,
)


def test_a_value_is_made_once_and_the_one_asked_for_longest_ago_is_dropped():
    kept, made = Kept(most=2), Mock(side_effect=object)
    first = kept.get("a", made)
    assert kept.get("a", made) is first
    kept.get("b", made)
    kept.get("a", made)
    kept.get("c", made)
    assert made.call_count == 3
    assert kept.get("a", made) is first
    kept.get("b", made)
    assert made.call_count == 4


def appoint():
    AssignmentFactory()


def enter_absence():
    AbsenceFactory()


def write_phone():
    officer = OfficerFactory()
    before = state()
    officer.phone = "+45 11 22 33 44"
    officer.save()
    assert state() != before


def count_month():
    CountedMonth.objects.create(month=datetime.date(2026, 1, 1))


def decide_manning():
    ManningBasis.objects.create(
        sector=SectorFactory(),
        holds_from=timezone.localdate(),
        reported_crimes=1,
        exposed_residents=1,
        special_places=1,
        inhabitants=1,
        required=4,
        decided_at=timezone.now(),
        decided_by=UserFactory(),
        reason="More people.",
    )


def sign_hand_over():
    handover = HandoverFactory(giver_signed_by=UserFactory(), giver_signed_at=timezone.now())
    before = state()
    handover.taker_signed_at = timezone.now()
    handover.save()
    assert state() != before


def put_into_force():
    sector = SectorFactory()
    BoundaryReleaseFactory(station=sector.station, areas={sector: square()}, in_force=True)


def move_group():
    group = TargetGroupFactory(position=3)
    before = state()
    group.position = 1
    group.save()
    assert state() != before


def decline_event():
    user = UserFactory()
    presence = EventFactory(written_by=user).presences.create(officer=OfficerFactory(), assigned_by=user)
    before = state()
    presence.answer = "no"
    presence.save()
    assert state() != before


def refuse_mails():
    UndeliverableAddress.objects.create(address="gone@police.example", since=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        appoint,
        enter_absence,
        write_phone,
        count_month,
        decide_manning,
        sign_hand_over,
        put_into_force,
        decline_event,
        move_group,
        refuse_mails,
        ContactHoursFactory,
        TargetGroupFactory,
    ],
)
def test_every_change_of_what_gaps_and_figures_are_made_of_is_noticed(change):
    before = state()
    assert state() == before
    change()
    assert state() != before


@pytest.mark.django_db
def test_a_month_that_is_counted_late_is_seen_though_another_was_counted_after_it_began():
    now = timezone.now()
    CountedMonth.objects.create(month=datetime.date(2026, 2, 1), counted_at=now)
    before = state()
    CountedMonth.objects.create(
        month=datetime.date(2026, 1, 1), counted_at=now - datetime.timedelta(minutes=1)
    )
    assert state() != before
