"""The Monday mail: who gets it, what it says, and that it comes once."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from config.celery import app
from notifications.delivery import deliver_due
from notifications.models import Notification
from officers.models import User
from overview.digest import sending
from overview.digest.sending import send_digests
from overview.tasks import send_digests as task
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    DistrictFactory,
    LeadershipFactory,
    MessageFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    between,
    division_of,
    head_of,
    head_of_district,
)
from tests.handbook.editing_desk import at_once

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
EVENT = "overview.digest"


def monday(hour: int = 7, minute: int = 0, *, later: int = 0) -> datetime.datetime:
    """Return an instant of this week's Monday, or so many days after it, by the clock of the place."""
    today = timezone.localdate()
    day = today + datetime.timedelta(days=later - today.weekday())
    return datetime.datetime.combine(day, datetime.time(hour, minute), COPENHAGEN)


@pytest.fixture
def sector():
    """Return a sector in force."""
    one = SectorFactory(name="Vanløse")
    division_of(one)
    return one


@pytest.fixture
def officer(sector) -> User:
    """Return the account of the sector's responsible officer."""
    user = UserFactory()
    AssignmentFactory(officer=OfficerFactory(station=sector.station, user=user), sector=sector)
    return user


def told() -> dict[User, Notification]:
    rows = Notification.objects.filter(event=EVENT).select_related("recipient")
    assert len({row.recipient for row in rows}) == len(rows)
    return {row.recipient: row for row in rows}


def test_a_head_is_told_of_the_gaps_and_of_what_is_past_its_time(sector, mail_server):
    head = head_of(sector.station)
    MessageFactory(sector=sector, overdue=True)
    assert send_digests(monday()) == 1
    context = told()[head].context
    assert (context["is_head"], context["message"], context["path"]) == (True, 1, "/station/overview/")
    assert context["gaps"] > 0
    assert deliver_due() == 1
    (mail,) = mail_server.mailbox.mails
    assert mail_server.mailbox.recipients == [head.email]
    assert mail["Subject"] == f"{context['gaps']} gap{'s' if context['gaps'] > 1 else ''} this week"
    body = mail.get_content()
    assert "– 1 message" in body.splitlines()
    assert "https://officer.police.example/station/overview/" in body


def test_an_officer_is_told_what_waits_in_their_sectors_past_its_time(sector, officer, mail_server):
    MessageFactory.create_batch(2, sector=sector, overdue=True)
    MessageFactory(sector=sector)
    foreign = SectorFactory()
    division_of(foreign)
    MessageFactory(sector=foreign, overdue=True)
    assert send_digests(monday()) == 1
    deliver_due()
    (mail,) = mail_server.mailbox.mails
    late = told()[officer].context["late"]
    assert mail["Subject"] == f"{late} matters wait past their time"
    body = mail.get_content()
    assert "– 2 messages" in body.splitlines()
    assert "gap" not in body
    assert "https://officer.police.example/station/overview/attention/" in body


def test_the_mail_carries_no_name_and_no_word_of_anybody(sector, officer, mail_server):
    head_of(sector.station)
    AssignmentFactory(sector=sector, attached=True, officer__name="Henriette Hemmelig")
    message = MessageFactory(sector=sector, overdue=True)
    send_digests(monday())
    assert deliver_due() == 2
    secrets = ("Vanløse", "Henriette", message.text, message.name, message.email, str(sector.district))
    for mail in mail_server.mailbox.mails:
        text = mail.as_string() + mail.get_content()
        assert [word for word in secrets if word in text] == []


def test_who_only_works_where_nothing_waits_past_its_time_gets_no_mail(sector, officer):
    MessageFactory(sector=sector)
    assert send_digests(monday()) == 0


def test_a_head_is_told_as_well_that_nothing_is_lacking(mail_server):
    head = LeadershipFactory().user
    send_digests(monday())
    deliver_due()
    (mail,) = mail_server.mailbox.mails
    assert mail_server.mailbox.recipients == [head.email]
    assert mail["Subject"] == "Nothing is lacking this week"
    assert "Nothing waits past its time." in mail.get_content()


def test_the_mail_is_in_the_language_of_the_account():
    LeadershipFactory(user__language="da")
    send_digests(monday())
    assert told().popitem()[1].to_language == "da"


def test_who_heads_two_districts_gets_one_mail_with_the_sum(mail_server):
    head = UserFactory()
    for _ in range(2):
        district = DistrictFactory()
        LeadershipFactory(user=head, station=district.station, district=district)
        one = SectorFactory(district=district)
        division_of(one)
        MessageFactory(sector=one, overdue=True)
    assert send_digests(monday()) == 1
    assert told()[head].context["message"] == 2


def test_a_head_who_works_in_a_sector_too_gets_one_mail_for_both(sector, officer):
    own = DistrictFactory(station=sector.station)
    LeadershipFactory(user=officer, station=sector.station, district=own)
    MessageFactory(sector=sector, overdue=True)
    assert send_digests(monday()) == 1
    assert told()[officer].context["message"] == 1


def test_who_covers_is_told_of_what_waits_there(sector):
    user = UserFactory()
    absence = AbsenceFactory(period=between(days=(-9, 9)))
    CoverFactory(absence=absence, sector=sector, officer=OfficerFactory(station=sector.station, user=user))
    MessageFactory(sector=sector, overdue=True)
    send_digests(monday())
    assert told()[user].context["message"] == 1


def test_analysts_administrators_and_former_heads_are_not_told(sector):
    StaffRoleFactory(analyst=True, station=sector.station)
    StaffRoleFactory()
    LeadershipFactory(station=sector.station, period=between(days=(-30, -1)))
    MessageFactory(sector=sector, overdue=True)
    assert send_digests(monday()) == 0


def test_an_account_that_is_switched_off_is_not_told(sector):
    LeadershipFactory(station=sector.station, user__is_active=False)
    assert send_digests(monday()) == 0


def test_one_that_is_switched_off_before_the_mail_leaves_does_not_get_it(sector, mail_server):
    head = head_of(sector.station)
    send_digests(monday())
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert deliver_due() == 0
    assert mail_server.mailbox.mails == []


def test_run_again_on_the_same_day_it_tells_nobody_twice(sector):
    head_of(sector.station)
    assert send_digests(monday()) == 1
    assert send_digests(monday(17)) == 0
    assert len(told()) == 1


def test_the_next_week_it_is_told_again(sector):
    head_of(sector.station)
    send_digests(monday())
    with time_machine.travel(monday(later=7), tick=False):
        assert send_digests() == 1
    days = Notification.objects.filter(event=EVENT).values_list("context__day__day", flat=True)
    assert sorted(days) == [str(monday(later=later).date()) for later in (0, 7)]


@pytest.mark.parametrize(
    "now", [monday(6, 44), monday(7, later=1), monday(7, later=6)], ids=["early", "Tuesday", "Sunday"]
)
def test_at_other_times_nobody_is_told(sector, now):
    head_of(sector.station)
    assert send_digests(now) == 0


def test_what_fails_for_one_account_keeps_nothing_from_the_others(sector, monkeypatch, log_lines):
    broken, head = head_of(sector.station), head_of_district(sector.district)
    count = sending.digest_of

    def fail_for_one(user, day):
        if user == broken:
            raise ValueError("Broken")
        return count(user, day)

    monkeypatch.setattr(sending, "digest_of", fail_for_one)
    assert send_digests(monday()) == 1
    assert list(told()) == [head]
    assert f"The Monday mail of account {broken.pk} could not be written" in log_lines()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(sector):
    for _ in range(3):
        head_of_district(DistrictFactory())
    now = monday()
    assert sum(at_once(*[lambda: send_digests(now)] * 2)) == 3
    assert len(told()) == 3


def test_beat_rings_on_mondays_by_the_clock_of_the_place():
    entry = settings.CELERY_BEAT_SCHEDULE["send-the-monday-mail"]
    assert entry["task"] == task.name
    schedule = entry["schedule"]
    assert (schedule.hour, schedule.minute, schedule.day_of_week) == ({*range(6, 12)}, {45}, {1})
    assert str(app.timezone) == "Europe/Copenhagen"
