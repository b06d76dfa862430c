"""Hours in person, written by staff."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from contacts.models import ContactHours
from contacts.publishing.clashes import doubts, next_days
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    SectorFactory,
    UserFactory,
    head_of,
    middle,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 23)  # a Monday


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def officer(quarter, client):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette


def new(quarter):
    return f"/station/sectors/{quarter.west.slug}/public/hours/new/"


def typed(**changes):
    given = {"week": "", "weekday": "2", "begins": "16:00", "ends": "18:00", "place": "The library"}
    return {**given, **changes}


def answered(client, address, given):
    """Send, and where a question comes back, say yes to it."""
    response = client.post(address, given)
    assert response.status_code == 422
    assert response.context["form"].is_asking
    return client.post(address, {**given, "answered": response.context["form"].question_key})


def test_weekly_hours_are_saved_and_lead_to_their_dates(quarter, officer, client):
    response = client.post(new(quarter), typed(note_en="Ring the bell", note_da="Ring på"), follow=True)
    hours = ContactHours.objects.get()
    assert response.redirect_chain == [(f"/station/hours/{hours.uuid}/", 302)]
    assert (hours.sector, hours.weekday, hours.week, hours.on_date) == (quarter.west, 2, None, None)
    assert "Tomorrow" in response.content.decode()


def test_hours_once_a_month_and_on_one_day_keep_what_belongs_to_them(quarter, officer, client):
    client.post(new(quarter), typed(week="1", on_date="2026-12-24"))
    client.post(
        new(quarter), typed(week="once", on_date="2026-12-02", weekday="", since="2026-01-01", place="Hall")
    )
    monthly, once = ContactHours.objects.order_by("pk")
    assert (monthly.week, monthly.weekday, monthly.on_date) == (1, 2, None)
    assert (once.week, once.weekday, once.on_date, once.since) == (
        None,
        None,
        datetime.date(2026, 12, 2),
        None,
    )
    assert next_days(monthly, 2) == [datetime.date(2026, 12, 1), datetime.date(2027, 1, 5)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekday": ""}, "weekday"),
        ({"week": "once"}, "on_date"),
        ({"week": "once", "on_date": "2026-11-22"}, "on_date"),
        ({"week": "once", "on_date": "2126-11-22"}, "on_date"),
        ({"ends": "15:00"}, "ends"),
        ({"since": "2026-12-02", "until": "2026-12-01"}, "until"),
        ({"since": "9999-12-31"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"place": ""}, "place"),
        ({"place": "x" * 101}, "place"),
        ({"lat": "north", "lon": "1"}, "lat"),
        ({"week": "9"}, "week"),
        ({"weekday": "8"}, "weekday"),
        ({"begins": "25:00"}, "begins"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(quarter, officer, client, changes, field):
    response = client.post(new(quarter), typed(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not ContactHours.objects.exists()


def test_the_dates_are_seen_before_anything_is_saved(quarter, officer, client):
    response = client.post(new(quarter), typed(week="5", act="preview"))
    assert response.status_code == 200
    assert "Tuesday 29 December" in response.content.decode()
    assert not ContactHours.objects.exists()


def test_hours_outside_duty_are_asked_about_and_then_saved(quarter, officer, client):
    officer.duty_hours.create(weekday=2, begins=datetime.time(8), ends=datetime.time(16))
    response = answered(client, new(quarter), typed())
    assert response.status_code == 302
    assert ContactHours.objects.count() == 1


def test_a_weekday_without_duty_is_told(quarter):
    quarter.mette.duty_hours.create(weekday=1)
    (sentence,) = doubts(ContactHoursFactory.build(sector=quarter.west))
    assert "not on duty on this weekday" in sentence


def test_an_officer_without_hours_of_duty_is_on_duty_from_7_to_23(quarter):
    assert doubts(ContactHoursFactory.build(sector=quarter.west)) == []
    (late,) = doubts(
        ContactHoursFactory.build(sector=quarter.west, begins=datetime.time(22), ends=datetime.time(23, 30))
    )
    assert "07:00" in late


def test_hours_at_the_same_time_in_another_sector_of_the_officer_are_told(quarter):
    other = SectorFactory(district=quarter.north, number=9)
    AssignmentFactory(sector=other, officer=quarter.mette)
    ContactHoursFactory(sector=other, place="The school", begins=datetime.time(17), ends=datetime.time(19))
    # Next door in time, and another officer's.
    ContactHoursFactory(sector=other, place="The club", begins=datetime.time(18), ends=datetime.time(19))
    ContactHoursFactory(sector=quarter.mid, place="The church")
    (sentence,) = doubts(ContactHoursFactory.build(sector=quarter.west))
    assert "The school" in sentence


def test_dates_in_an_absence_are_told(quarter):
    begins = timezone.now() + datetime.timedelta(days=7)
    AbsenceFactory(officer=quarter.mette, period=(begins, begins + datetime.timedelta(days=7)))
    (sentence,) = doubts(ContactHoursFactory.build(sector=quarter.west))
    assert "1 December 2026" in sentence
    assert sentence.count("2026") == 1


def test_a_vacant_sector_has_nobody_to_ask_about(quarter):
    assert doubts(ContactHoursFactory.build(sector=quarter.vacant, begins=datetime.time(5))) == []


def test_a_point_far_from_the_sector_is_asked_about_one_across_the_street_is_not(quarter, officer, client):
    lon, lat = middle(2)
    response = client.post(new(quarter), typed(lat=str(lat), lon=str(lon)))
    assert response.status_code == 422
    (question,) = response.context["form"].questions
    assert "neither in" in question
    lon, lat = middle(0)
    client.post(new(quarter), typed(lat=f"{lat:.6f}", lon=f"{lon:.6f}"))
    assert ContactHours.objects.get().point.coords == (round(lon, 6), round(lat, 6))


def test_an_address_of_the_register_sets_the_point(quarter, addresses, officer, client):
    client.post(new(quarter), typed(address="Frederikssundsvej 12, 2700 Brønshøj"))
    lon, lat = middle(0)
    assert ContactHours.objects.get().point.coords == pytest.approx((lon, lat), abs=1e-6)


def test_a_citizens_number_in_the_note_is_asked_about(quarter, officer, client):
    response = client.post(new(quarter), typed(note_en="Call 12 34 56 78", note_da="Ring 12 34 56 78"))
    assert response.status_code == 422
    assert any("12 34 56 78" in question for question in response.context["form"].questions)


def test_one_date_is_cancelled_and_takes_place_after_all(quarter, officer, client):
    hours = ContactHoursFactory(sector=quarter.west)
    address = f"/station/hours/{hours.uuid}/cancel/"
    for _time in range(2):
        response = client.post(address, {"day": "2026-12-01"}, follow=True)
    hours.refresh_from_db()
    assert hours.cancelled_on == [datetime.date(2026, 12, 1)]
    assert "Takes place after all" in response.content.decode()
    client.post(address, {"day": "2026-12-01", "is_back": "yes"})
    hours.refresh_from_db()
    assert hours.cancelled_on == []


@pytest.mark.parametrize("day", ["2026-12-02", "2026-11-17", "never", ""])
def test_a_date_that_is_none_of_theirs_is_not_cancelled(quarter, officer, client, day):
    hours = ContactHoursFactory(sector=quarter.west)
    response = client.post(f"/station/hours/{hours.uuid}/cancel/", {"day": day}, follow=True)
    hours.refresh_from_db()
    assert hours.cancelled_on == []
    assert "This date is over or has changed" in response.content.decode()


def test_hours_end_and_those_not_begun_are_removed(quarter, officer, client):
    running = ContactHoursFactory(sector=quarter.west)
    later = ContactHoursFactory(sector=quarter.west, since=datetime.date(2027, 1, 5))
    for hours in (running, later):
        assert client.post(f"/station/hours/{hours.uuid}/end/", {"until": "2026-11-30"}).status_code == 302
    assert [(one.pk, one.until) for one in ContactHours.objects.all()] == [
        (running.pk, datetime.date(2026, 11, 30))
    ]
    assert client.post(f"/station/hours/{running.uuid}/end/", {"until": "2020-01-01"}).status_code == 422


def test_of_two_who_change_the_second_is_told_and_keeps_what_was_typed(quarter, officer, client):
    hours = ContactHoursFactory(sector=quarter.west)
    address = f"/station/hours/{hours.uuid}/change/"
    page = client.get(address).context["form"]
    ContactHours.objects.filter(pk=hours.pk).update(place="The town hall")
    response = client.post(address, typed(place="The school", seen=page["seen"].value()))
    assert response.status_code == 409
    text = response.content.decode()
    assert "The school" in text
    assert "The town hall" in text
    again = response.context["form"]["seen"].value()
    assert client.post(address, typed(place="The school", seen=again)).status_code == 302
    hours.refresh_from_db()
    assert hours.place == "The school"


def test_hours_of_another_station_do_not_exist(quarter, officer, client):
    hours = ContactHoursFactory()
    for path in ("", "change/", "cancel/", "end/"):
        assert client.get(f"/station/hours/{hours.uuid}/{path}").status_code == 404


def test_the_page_of_a_sector_costs_the_same_with_many_rows(quarter, client, django_assert_max_num_queries):
    client.force_login(head_of(quarter.station))
    ContactHoursFactory.create_batch(12, sector=quarter.west)
    client.get("/station/")
    with django_assert_max_num_queries(16):
        response = client.get(f"/station/sectors/{quarter.west.slug}/public/")
    assert response.status_code == 200


def test_hours_sent_twice_are_held_once(quarter, officer, client):
    answers = [client.post(new(quarter), typed()) for _time in range(2)]
    assert answers[0].url == answers[1].url == f"/station/hours/{ContactHours.objects.get().uuid}/"
