"""Briefings are made on weekday mornings by themselves, once, and by heads for other days."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from notifications.models import Notification
from sectorlog.briefings.making import make_morning_briefings
from sectorlog.models import Briefing
from sectorlog.tasks import make_morning_briefings as task
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    LogEntryFactory,
    SectorFactory,
    UserFactory,
    head_of_district,
)

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def local(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """Return an instant of March 2027, which begins on a Monday and changes the clock on Sunday the 28th."""
    return datetime.datetime(2027, 3, day, hour, minute, tzinfo=COPENHAGEN)


@pytest.fixture
def district():
    return DistrictFactory()


def test_the_morning_covers_the_day_before(district):
    assert make_morning_briefings(local(3, 6, 30)) == 1
    briefing = Briefing.objects.get()
    assert (briefing.begins_at, briefing.ends_at) == (local(2, 6, 30), local(3, 6, 30))


def test_monday_covers_the_weekend_also_when_the_clock_changes(district):
    make_morning_briefings(local(29, 6, 31))
    briefing = Briefing.objects.get()
    assert (briefing.begins_at, briefing.ends_at) == (local(26, 6, 30), local(29, 6, 30))
    # The two carry one time zone: in UTC the hour that is left out shows.
    spent = briefing.ends_at.astimezone(datetime.UTC) - briefing.begins_at.astimezone(datetime.UTC)
    assert spent == datetime.timedelta(hours=71)


def test_a_morning_that_was_missed_is_made_up_for(district):
    make_morning_briefings(local(2, 6, 30))
    make_morning_briefings(local(4, 6, 30))
    assert Briefing.objects.latest("ends_at").begins_at == local(2, 6, 30)


@pytest.mark.parametrize(
    "now", [local(6, 6, 30), local(7, 9), local(3, 6, 29)], ids=["Saturday", "Sunday", "early"]
)
def test_at_other_times_nothing_is_made(district, now):
    assert make_morning_briefings(now) == 0
    assert not Briefing.objects.exists()


def test_run_again_it_makes_and_tells_nothing_more(district):
    head_of_district(district)
    assert make_morning_briefings(local(3, 6, 30)) == 1
    assert make_morning_briefings(local(3, 11)) == 0
    assert (Briefing.objects.count(), Notification.objects.count()) == (1, 1)


def test_head_and_officers_with_accounts_are_told_by_a_link_alone(district):
    head = head_of_district(district)
    sector = SectorFactory(district=district)
    own = AssignmentFactory(sector=sector, officer__user=UserFactory()).officer.user
    AssignmentFactory(sector=sector, attached=True)
    AssignmentFactory(sector=sector, attached=True, officer__user=UserFactory(is_active=False))
    AssignmentFactory(officer__user=UserFactory())
    LogEntryFactory(sector=sector, text="Nothing for a mail")
    wednesday = timezone.localdate() + datetime.timedelta(days=(2 - timezone.localdate().weekday()) % 7)
    make_morning_briefings(timezone.make_aware(datetime.datetime.combine(wednesday, datetime.time(7))))
    rows = Notification.objects.filter(event="sectorlog.briefing_made")
    told = [row for row in rows if row.context["district"] == district.name]
    assert {row.recipient for row in told} == {head, own}
    briefing = Briefing.objects.get(district=district)
    assert told[0].context["path"] == f"/log/briefings/{briefing.uuid}/"
    assert "Nothing for a mail" not in str([row.context for row in rows])


def test_beat_rings_on_weekdays_by_the_clock_of_the_place():
    entry = settings.CELERY_BEAT_SCHEDULE["make-the-morning's-briefing-sheets"]
    assert entry["task"] == task.name
    schedule = entry["schedule"]
    assert (schedule.hour, schedule.minute, schedule.day_of_week) == ({6}, {30}, {1, 2, 3, 4, 5})
    assert str(app.timezone) == "Europe/Copenhagen"


def typed(district, first: int, last: int) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "district": district.pk,
        "first": today - datetime.timedelta(days=first),
        "last": today - datetime.timedelta(days=last),
    }


def test_a_head_makes_a_sheet_for_other_days(client, district):
    head = head_of_district(district)
    client.force_login(head)
    response = client.post(reverse("sectorlog:briefing_new"), typed(district, 30, 0))
    briefing = Briefing.objects.get()
    assert response["Location"] == reverse("sectorlog:briefing_detail", args=[briefing.uuid])
    assert briefing.made_by == head
    assert timezone.localtime(briefing.begins_at).time() == datetime.time()
    assert not Notification.objects.exists()
    assert district.name in client.get(reverse("sectorlog:briefing_list")).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(31, 0, "at most 31 days"), (3, 4, "before it begins"), (-1, -2, "still to come")],
)
def test_a_period_that_cannot_be_is_refused_in_words(client, district, first, last, words):
    client.force_login(head_of_district(district))
    response = client.post(reverse("sectorlog:briefing_new"), typed(district, first, last))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Briefing.objects.exists()


@pytest.mark.parametrize("first", [datetime.date(1, 1, 1), datetime.date(1900, 1, 1), None])
def test_a_day_of_long_ago_is_refused_in_words_and_the_list_stays(client, district, first):
    client.force_login(head_of_district(district))
    first = first or timezone.localdate() - datetime.timedelta(days=731)
    last = first + datetime.timedelta(days=3)
    fields = {"district": district.pk, "first": first.isoformat(), "last": last.isoformat()}
    response = client.post(reverse("sectorlog:briefing_new"), fields)
    assert response.status_code == 422
    assert "more than two years ago" in response.content.decode()
    assert client.get(reverse("sectorlog:briefing_list")).status_code == 200


def test_the_database_takes_no_briefing_that_cannot_be_read_back(district):
    ages_ago = datetime.datetime(1999, 12, 31, 12, tzinfo=datetime.UTC)
    with pytest.raises(IntegrityError, match="briefing_begins_in_our_time"), transaction.atomic():
        Briefing.objects.create(district=district, begins_at=ages_ago, ends_at=timezone.now())


def test_nobody_makes_one_for_a_district_of_others(client, district):
    client.force_login(head_of_district(DistrictFactory()))
    assert client.post(reverse("sectorlog:briefing_new"), typed(district, 3, 0)).status_code == 422
    client.force_login(AssignmentFactory(officer__user=UserFactory()).officer.user)
    assert client.post(reverse("sectorlog:briefing_new"), typed(district, 3, 0)).status_code == 404
    assert not Briefing.objects.exists()


def test_the_list_costs_few_queries_and_ends_with_the_rights(client, district, django_assert_max_num_queries):
    post = AssignmentFactory(sector__district=district, officer__user=UserFactory())
    for day in range(1, 30):
        make_morning_briefings(local(day, 7))
    client.force_login(post.officer.user)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("sectorlog:briefing_list")).status_code == 200
    client.force_login(UserFactory())
    assert client.get(reverse("sectorlog:briefing_list")).status_code == 404
