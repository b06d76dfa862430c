"""An event from its draft to the public page, cancelled, written anew."""

import datetime

import pytest
from django.utils import timezone

from contacts.models import Event
from contacts.publishing.presence import lacking, upcoming_for, upcoming_in
from contacts.publishing.told import told_in
from notifications.models import Notification
from tests.factories import (
    EventFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    head_of,
    head_of_district,
    middle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(quarter, client):
    quarter.mette.user = UserFactory(email="mette@police.example")
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette.user


def at(hours):
    return timezone.localtime(timezone.now() + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def typed(*sectors, **changes):
    given = {
        "title_en": "Open house",
        "title_da": "Åbent hus",
        "text_en": "Come in.",
        "text_da": "Kom ind.",
        "begins_at": at(48),
        "ends_at": at(50),
        "place": "The station",
        "sectors": [sector.pk for sector in sectors],
    }
    return {**given, **changes}


def act(client, event, verb, **given):
    page = client.get(f"/station/events/{event.uuid}/")
    shown = {"seen": page.context["seen"], "answered": page.context["doubts_key"]}
    return client.post(f"/station/events/{event.uuid}/{verb}/", {**shown, **given})


def told(sector):
    return [(event.title_en, event.is_cancelled) for event in told_in(sector.pk).events]


def new(sector):
    return f"/station/sectors/{sector.slug}/public/events/new/"


def test_an_event_in_two_sectors_is_told_in_both_once_a_head_approves(quarter, officer, client):
    client.post(new(quarter.west), typed(quarter.west, quarter.mid))
    event = Event.objects.get()
    act(client, event, "hand-in")
    event.refresh_from_db()
    assert event.state == "waiting"
    client.force_login(head_of_district(quarter.north))
    act(client, event, "decide", decision="publish")
    assert told(quarter.west) == told(quarter.mid) == [("Open house", False)]
    assert told(quarter.vacant) == []


def test_a_districts_head_does_not_decide_on_what_reaches_beyond_the_district(quarter, officer, client):
    event = EventFactory(
        station=quarter.station, sectors=[quarter.west, quarter.vacant], written_by=officer, state="waiting"
    )
    client.force_login(head_of_district(quarter.north))
    assert client.post(f"/station/events/{event.uuid}/decide/").status_code == 404
    assert event.title_en not in client.get("/station/publishing/").content.decode()
    client.force_login(head_of(quarter.station))
    assert event.title_en in client.get("/station/publishing/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": at(47)}, "ends_at"),
        ({"begins_at": at(-9), "ends_at": at(-8)}, "ends_at"),
        ({"ends_at": at(48 + 24 * 40)}, "ends_at"),
        ({"begins_at": at(24 * 365 * 6), "ends_at": at(24 * 365 * 6 + 1)}, "begins_at"),
        ({"begins_at": "soon"}, "begins_at"),
        ({"sectors": []}, "sectors"),
        ({"sectors": ["999999"]}, "sectors"),
        ({"is_major": "on"}, "required_presence"),
        ({"required_presence": "-1"}, "required_presence"),
        ({"required_presence": "999999"}, "required_presence"),
        ({"place": ""}, "place"),
        ({"lat": "91", "lon": "1"}, "lat"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(quarter, officer, client, changes, field):
    response = client.post(new(quarter.west), typed(quarter.west, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Event.objects.exists()


def test_an_officer_enters_events_where_they_work_and_a_stations_head_everywhere(quarter, officer, client):
    response = client.post(new(quarter.west), typed(quarter.mid))
    assert "sectors" in response.context["form"].errors
    client.force_login(head_of(quarter.station))
    client.post(f"/station/publishing/{quarter.station.slug}/events/new/", typed())
    event = Event.objects.get()
    act(client, event, "hand-in")
    assert told(quarter.vacant) == [("Open house", False)]


def test_a_place_in_none_of_its_sectors_is_asked_about(quarter, officer, client):
    lon, lat = middle(2)
    response = client.post(new(quarter.west), typed(quarter.west, lat=str(lat), lon=str(lon)))
    assert response.status_code == 422
    assert response.context["form"].is_asking
    yes = {"answered": response.context["form"].question_key}
    client.post(new(quarter.west), typed(quarter.west, lat=str(lat), lon=str(lon), **yes))
    assert Event.objects.get().point.coords == pytest.approx((lon, lat))


def test_an_internal_event_is_never_told_and_its_page_says_so(quarter, client):
    head = head_of(quarter.station)
    client.force_login(head)
    client.post(new(quarter.west), typed(quarter.west, is_internal="on", briefing="Meet at the gate."))
    event = Event.objects.get()
    act(client, event, "hand-in")
    event.refresh_from_db()
    assert event.state == "published"
    assert told(quarter.west) == []
    assert "Staff alone see it" in client.get(f"/station/events/{event.uuid}/").content.decode()


def test_a_cancelled_event_stays_on_the_page_as_cancelled_and_who_was_to_come_is_told(
    quarter, officer, client
):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], written_by=officer, published=True)
    jonas = UserFactory(email="jonas@police.example")
    quarter.jonas.user = jonas
    quarter.jonas.save()
    event.presences.create(officer=quarter.jonas, assigned_by=officer)
    answers = [client.post(f"/station/events/{event.uuid}/cancel/").status_code for _time in range(2)]
    assert answers == [302, 409]
    assert told(quarter.west) == [("An English title", True)]
    (mail,) = Notification.objects.all()
    assert (mail.event, mail.recipient) == ("contacts.event_cancelled", jonas)


def test_of_a_published_event_only_what_staff_are_told_changes(quarter, officer, client):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], written_by=officer, published=True)
    address = f"/station/events/{event.uuid}/change/"
    form = client.get(address).context["form"]
    assert list(form.fields) == ["is_major", "required_presence", "briefing", "seen"]
    given = {"is_major": "on", "required_presence": "3", "briefing": "Gate 2", "seen": form["seen"].value()}
    assert client.post(address, given).status_code == 302
    event.refresh_from_db()
    assert (event.is_major, event.required_presence, event.briefing) == (True, 3, "Gate 2")
    stale = client.post(address, {**given, "briefing": "Gate 9"})
    assert stale.status_code == 409


def test_written_anew_it_takes_along_who_is_to_be_there_and_they_answer_anew(quarter, officer, client):
    head = head_of(quarter.station)
    old = EventFactory(station=quarter.station, sectors=[quarter.west], written_by=head, published=True)
    old.presences.create(officer=quarter.mette, assigned_by=head, task="Gate", answer="yes")
    client.force_login(head)
    client.post(f"/station/events/{old.uuid}/anew/")
    draft = Event.objects.get(replaces=old)
    assert list(draft.sectors.all()) == [quarter.west]
    act(client, draft, "hand-in")
    old.refresh_from_db()
    assert old.state == "withdrawn"
    (moved,) = draft.presences.all()
    assert (moved.officer, moved.task, moved.answer) == (quarter.mette, "Gate", "")
    assert Notification.objects.get().recipient == officer
    assert told(quarter.west) == [("An English title", False)]


def test_of_two_who_change_a_draft_the_second_is_told_of_the_sectors_too(quarter, officer, client):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], written_by=officer)
    address = f"/station/events/{event.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    event.sectors.add(quarter.mid)
    response = client.post(address, typed(quarter.west, seen=seen))
    assert response.status_code == 409
    assert "Open house" in response.content.decode()


def test_another_stations_events_do_not_exist(quarter, officer, client):
    event = EventFactory(published=True)
    for path in ("", "change/", "presence/", "hand-in/", "cancel/"):
        assert client.get(f"/station/events/{event.uuid}/{path}").status_code == 404


def test_what_comes_in_sectors_is_found_with_the_stations_own_and_without_drafts(quarter):
    today = timezone.localdate()
    here = EventFactory(station=quarter.station, sectors=[quarter.west, quarter.mid], published=True)
    everywhere = EventFactory(station=quarter.station, published=True, is_internal=True)
    EventFactory(station=quarter.station, sectors=[quarter.vacant], published=True)
    EventFactory(station=quarter.station, sectors=[quarter.west])
    EventFactory(station=quarter.station, sectors=[quarter.west], published=True, cancelled_at=timezone.now())
    last = today + datetime.timedelta(days=2)
    found = upcoming_in([quarter.west, quarter.mid], today, last)
    assert sorted(event.pk for event in found) == [here.pk, everywhere.pk]
    later = today + datetime.timedelta(days=5)
    assert list(upcoming_in([quarter.west], later, later)) == []


def test_what_one_is_to_be_at_is_found_until_it_is_over(quarter, officer):
    event = EventFactory(station=quarter.station, sectors=[quarter.west])
    event.presences.create(officer=quarter.mette, assigned_by=officer)
    declined = EventFactory(station=quarter.station)
    declined.presences.create(officer=quarter.mette, assigned_by=officer, answer="no")
    now = timezone.now()
    assert list(upcoming_for(officer, now)) == [event]
    assert list(upcoming_for(officer, event.ends_at)) == []
    assert list(upcoming_for(UserFactory(), now)) == []


def test_who_is_lacking_is_counted_without_those_who_cannot_come(quarter, officer):
    event = EventFactory(station=quarter.station, sectors=[quarter.west], is_major=True, required_presence=2)
    event.presences.create(officer=quarter.mette, assigned_by=officer, answer="yes")
    event.presences.create(officer=quarter.jonas, assigned_by=officer, answer="no")
    full = EventFactory(station=quarter.station, is_major=True, required_presence=1)
    full.presences.create(officer=quarter.mette, assigned_by=officer)
    (found,) = lacking(Event.objects.all())
    assert (found, found.missing) == (event, 1)


def test_the_list_of_events_costs_the_same_however_long_it_is(
    quarter, officer, client, django_assert_max_num_queries
):
    for _number in range(15):
        EventFactory(station=quarter.station, sectors=[quarter.west, quarter.mid], written_by=officer)
    with django_assert_max_num_queries(12):
        response = client.get(f"/station/sectors/{quarter.west.slug}/public/events/")
    assert len(response.context["items"]) == 15
    OfficerFactory.create_batch(15, station=quarter.station)
    event = Event.objects.first()
    client.force_login(head_of(quarter.station))
    with django_assert_max_num_queries(20):
        assert client.get(f"/station/events/{event.uuid}/presence/").status_code == 200


def test_an_event_sent_twice_is_one_draft(quarter, officer, client):
    given = typed(quarter.west)
    answers = [client.post(new(quarter.west), given) for _time in range(2)]
    assert answers[0].url == answers[1].url == f"/station/events/{Event.objects.get().uuid}/"
    client.post(new(quarter.west), {**given, "ends_at": at(51)})
    assert Event.objects.count() == 2


def test_an_event_takes_place_in_sectors_of_its_own_station_alone(quarter, officer, client):
    elsewhere = SectorFactory()
    assert elsewhere.station != quarter.station
    response = client.post(new(quarter.west), typed(quarter.west, elsewhere))
    assert response.status_code == 422
    assert "sectors" in response.context["form"].errors
    assert str(elsewhere) not in client.get(new(quarter.west)).content.decode()
    client.force_login(head_of(quarter.station))
    of_station = f"/station/publishing/{quarter.station.slug}/events/new/"
    assert client.post(of_station, typed(elsewhere)).status_code == 422
    assert not Event.objects.exists()
