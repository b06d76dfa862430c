"""Replacing the officer on a date: who is answerable before and after, what ends, who is told, what is refused."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from notifications.mail import compose
from notifications.models import Notification
from officers.models import Assignment
from officers.replacement import ReplacementRefused, replace
from officers.responsibility import answerable
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    head_of_district,
)
from tests.officers.minutes import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory(name="Emdrup", number=1)


@pytest.fixture
def present(sector):
    return AssignmentFactory(sector=sector, officer__name="Alma Eksempel")


@pytest.fixture
def successor(sector):
    return OfficerFactory(station=sector.station, name="Thyra Tænkeboks")


@pytest.fixture
def head(sector):
    return LeadershipFactory(station=sector.station).user


def day(instant: datetime.datetime) -> datetime.date:
    return timezone.localdate(instant)


def test_the_officer_changes_at_the_instant_stated_without_a_gap(sector, present, successor):
    at = in_days(10)
    replace(sector, successor, at, day(at), keep_as_attached=False)
    present.refresh_from_db()
    assert (present.period.upper, present.hand_over_on) == (at, day(at))
    before = answerable(sector.pk, at - datetime.timedelta(microseconds=1))
    after = answerable(sector.pk, at)
    assert (before.officer.name, after.officer.name) == ("Alma Eksempel", "Thyra Tænkeboks")
    assert after.colleagues == ()


def test_who_leaves_stays_as_attached_if_asked(sector, present, successor):
    replace(sector, successor, in_days(10), None, keep_as_attached=True)
    assert [one.name for one in answerable(sector.pk, in_days(11)).colleagues] == ["Alma Eksempel"]


def test_a_vacant_sector_gets_its_officer_at_once(sector, successor):
    replace(sector, successor, None, None, keep_as_attached=True)
    assert answerable(sector.pk).officer.name == "Thyra Tænkeboks"
    assert Assignment.objects.count() == 1


def test_an_attachment_of_the_successor_ends_with_the_change(sector, present, successor):
    attached = AssignmentFactory(sector=sector, officer=successor, attached=True)
    at = in_days(3)
    replace(sector, successor, at, None, keep_as_attached=False)
    attached.refresh_from_db()
    assert attached.period.upper == at


def test_a_departure_that_was_planned_later_comes_earlier(sector, successor):
    leaving = AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-9), in_days(40)))
    replace(sector, successor, in_days(3), None, keep_as_attached=False)
    leaving.refresh_from_db()
    assert leaving.period.upper == in_days(3)


def test_covers_for_the_officer_who_leaves_end_with_the_change(sector, present, successor):
    away = AbsenceFactory(officer=present.officer, period=DateTimeTZRange(in_days(1), in_days(9)))
    running = CoverFactory(absence=away, sector=sector, period=DateTimeTZRange(in_days(1), in_days(5)))
    later = CoverFactory(absence=away, sector=sector, period=DateTimeTZRange(in_days(5), in_days(9)))
    replace(sector, successor, in_days(3), None, keep_as_attached=False)
    running.refresh_from_db()
    later.refresh_from_db()
    assert running.period.upper == in_days(3)
    assert later.withdrawn_at is not None


def test_those_concerned_are_told_once_and_who_does_it_is_not(sector, present, successor, head):
    district_head = head_of_district(sector.district)
    account = UserFactory()
    present.officer.user = account
    present.officer.save()
    replace(sector, successor, in_days(3), day(in_days(2)), keep_as_attached=False, by=head)
    rows = Notification.objects.filter(event="officers.replacement_announced")
    assert {row.to_address for row in rows} == {account.email, district_head.email, successor.email}
    mail = compose(rows.first())
    assert mail.subject == "Thyra Tænkeboks becomes the responsible officer of 1 Emdrup"
    assert "in place of Alma Eksempel" in mail.body
    assert f"/sectors/{sector.slug}/" in mail.body


def test_nobody_is_told_of_what_was_refused(sector, present, successor):
    AssignmentFactory(
        sector=sector, officer=successor, attached=True, period=DateTimeTZRange(in_days(5), None)
    )
    with pytest.raises(ReplacementRefused):
        replace(sector, successor, in_days(3), None, keep_as_attached=False)
    assert not Notification.objects.exists()


# --- What is refused ---------------------------------------------------------------------------


def refusal(sector, successor, at=None, hand_over_on=None) -> str:
    before = list(Assignment.objects.order_by("pk").values())
    with pytest.raises(ReplacementRefused) as refused:
        replace(sector, successor, at, hand_over_on, keep_as_attached=False)
    assert list(Assignment.objects.order_by("pk").values()) == before
    return str(refused.value)


def test_the_same_officer_is_refused(sector, present):
    assert "Alma Eksempel is the responsible officer" in refusal(sector, present.officer, in_days(1))


def test_the_past_is_refused(sector, present, successor):
    assert "lies in the past" in refusal(sector, successor, in_days(-1))


def test_the_far_future_is_refused(sector, present, successor):
    assert "more than five years" in refusal(sector, successor, in_days(3000))


def test_a_planned_successor_is_not_pushed_aside(sector, successor):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-9), in_days(20)))
    AssignmentFactory(sector=sector, officer__name="Planned", period=DateTimeTZRange(in_days(20), None))
    assert "Planned is to begin" in refusal(sector, successor, in_days(10))


def test_an_officer_of_another_station_is_refused(sector, present):
    stranger = OfficerFactory(station=StationFactory())
    assert "belongs to another station" in refusal(sector, stranger)


def test_an_officer_whose_account_is_switched_off_is_refused(sector, present):
    off = OfficerFactory(station=sector.station, user=UserFactory(is_active=False))
    assert "is switched off" in refusal(sector, off)


def test_a_hand_over_without_anybody_who_leaves_is_refused(sector, successor):
    assert "Nobody leaves" in refusal(sector, successor, hand_over_on=day(in_days(1)))


@pytest.mark.parametrize(("days", "sentence"), [(-1, "has passed"), (100, "more than two months after")])
def test_a_hand_over_at_an_odd_time_is_refused(sector, present, successor, days, sentence):
    assert sentence in refusal(sector, successor, in_days(10), day(in_days(days)))


# --- In the admin ------------------------------------------------------------------------------


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


def page(sector) -> str:
    return reverse("admin:sectors_sector_replace", args=[sector.pk])


def typed(instant: datetime.datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def test_the_page_says_what_will_happen_and_does_it_only_when_confirmed(as_head, sector, present, successor):
    data = {"successor": successor.pk, "at": typed(in_days(10)), "keep_as_attached": "on"}
    content = as_head.post(page(sector), data).content.decode()
    assert "Thyra Tænkeboks takes over 1 Emdrup from Alma Eksempel." in content
    assert "Alma Eksempel stays in the sector as an attached officer." in content
    assert Assignment.objects.count() == 1
    answer = as_head.post(page(sector), {**data, "confirmed": "1"})
    assert answer.status_code == 302
    assert answerable(sector.pk, in_days(11)).officer.name == "Thyra Tænkeboks"


def test_changing_something_brings_the_form_back_as_it_was_filled(as_head, sector, present, successor):
    data = {"successor": successor.pk, "at": typed(in_days(10)), "change": "1"}
    form = as_head.post(page(sector), data).context["form"]
    assert (form["successor"].value(), form["at"].value()) == (str(successor.pk), data["at"])
    assert not form["at"].is_hidden


def test_a_successor_who_is_away_then_is_warned_about_and_taken(as_head, sector, present, successor):
    AbsenceFactory(officer=successor, period=DateTimeTZRange(in_days(5), in_days(20)))
    data = {"successor": successor.pk, "at": typed(in_days(10))}
    assert "Thyra Tænkeboks is away at that time" in as_head.post(page(sector), data).content.decode()
    assert as_head.post(page(sector), {**data, "confirmed": "1"}).status_code == 302


def test_what_is_refused_is_said_beside_what_was_typed(as_head, sector, present):
    data = {"successor": present.officer.pk, "at": typed(in_days(10))}
    content = as_head.post(page(sector), data).content.decode()
    assert "Alma Eksempel is the responsible officer" in content
    assert data["at"] in content


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("successor", "x", "Select a valid choice"),
        ("successor", "99999999999999999999", "Select a valid choice"),
        ("at", "soon", "Give a date and a time"),
        ("at", "2027-10-31T02:30", "comes twice"),
        ("hand_over_on", "2027-02-30", "Give a date"),
    ],
)
def test_bad_input_gets_a_sentence(as_head, sector, present, successor, field, value, sentence):
    data = {"successor": successor.pk, "at": typed(in_days(10)), "confirmed": "1", field: value}
    assert sentence in as_head.post(page(sector), data).content.decode()
    assert Assignment.objects.count() == 1


def test_a_foreign_sector_does_not_exist_and_a_foreign_officer_is_no_choice(as_head, sector, present):
    foreign = AssignmentFactory(officer__name="Foreign Officer")
    for method in (as_head.get, as_head.post):
        assert method(page(foreign.sector)).status_code == 404
    assert "Foreign Officer" not in as_head.get(page(sector)).content.decode()
    data = {"successor": foreign.officer.pk, "confirmed": "1"}
    assert "Select a valid choice" in as_head.post(page(sector), data).content.decode()


def test_a_district_head_replaces_nobody(client, sector, present):
    client.force_login(head_of_district(sector.district))
    assert client.get(page(sector)).status_code == 404
