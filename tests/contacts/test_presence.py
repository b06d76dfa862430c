"""Who is to be at an event: assigned by heads, asked about where they are away or elsewhere, answered."""

import datetime

import pytest
from django.utils import timezone

from contacts.models import EventPresence
from notifications.mail import compose
from notifications.models import Notification
from tests.factories import AbsenceFactory, EventFactory, OfficerFactory, UserFactory, head_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(quarter, head):
    return EventFactory(
        station=quarter.station,
        sectors=[quarter.west],
        title_en="Sentinel",
        title_da="Sentinel",
        is_major=True,
        required_presence=2,
        published=True,
        written_by=head,
    )


@pytest.fixture
def head(quarter, client):
    quarter.mette.user = UserFactory(email="mette@police.example")
    quarter.mette.save()
    head = head_of(quarter.station)
    client.force_login(head)
    return head


def address(event):
    return f"/station/events/{event.uuid}/presence/"


def part(instant):
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def test_several_are_assigned_at_once_and_told_by_a_mail_without_content(quarter, event, client):
    given = {"officers": [quarter.mette.pk, quarter.jonas.pk], "task": "Sentinel gate"}
    response = client.post(address(event), given, follow=True)
    assert response.context["assigned"] == 2
    assert response.context["missing"] == 0
    assert response.context["silent"] == 2
    mails = list(Notification.objects.order_by("pk"))
    assert {(mail.event, mail.to_address) for mail in mails} == {
        ("contacts.presence_assigned", "mette@police.example"),
        # Who has no account gets it where the public reaches them.
        ("contacts.presence_assigned", quarter.jonas.email),
    }
    for mail in mails:
        written = compose(mail)
        assert "Sentinel" not in written.subject + written.body
        assert f"/station/events/{event.uuid}/" in written.body


def test_assigned_twice_is_once_and_told_once_a_new_task_is_told_and_answered_anew(quarter, event, client):
    for _time in range(2):
        client.post(address(event), {"officers": [quarter.mette.pk]})
    row = EventPresence.objects.get()
    assert Notification.objects.count() == 1
    EventPresence.objects.update(answer="yes")
    client.post(address(event), {"officers": [quarter.mette.pk], "task": "Gate 2"})
    row.refresh_from_db()
    assert (row.task, row.answer) == ("Gate 2", "")
    assert Notification.objects.count() == 2


def test_who_is_away_then_is_asked_about_and_may_be_assigned_even_so(quarter, event, client):
    AbsenceFactory(officer=quarter.mette, period=(event.begins_at, event.ends_at))
    assert "away then" in client.get(address(event)).content.decode()
    response = client.post(address(event), {"officers": [quarter.mette.pk]})
    assert response.status_code == 422
    (question,) = response.context["form"].questions
    assert quarter.mette.name in question
    yes = response.context["form"].question_key
    client.post(address(event), {"officers": [quarter.mette.pk], "answered": yes})
    assert EventPresence.objects.count() == 1


def test_who_is_at_another_event_then_is_asked_about(quarter, event, head, client):
    other = EventFactory(station=quarter.station, title_en="The match")
    other.presences.create(officer=quarter.jonas, assigned_by=head)
    response = client.post(address(event), {"officers": [quarter.jonas.pk]})
    assert "The match" in response.context["form"].questions[0]
    other.presences.update(answer="no")
    assert client.post(address(event), {"officers": [quarter.jonas.pk]}).status_code == 302


def test_a_part_lies_within_the_event(quarter, event, client):
    hour = datetime.timedelta(hours=1)
    early = {"officers": [quarter.mette.pk], "begins_at": part(event.begins_at - hour)}
    response = client.post(address(event), early)
    assert response.status_code == 422
    assert "begins_at" in response.context["form"].errors
    middle = {"officers": [quarter.mette.pk], "begins_at": part(event.begins_at + hour)}
    assert client.post(address(event), middle).status_code == 302
    assert EventPresence.objects.get().begins_at is not None


@pytest.mark.parametrize("officers", [[], ["999999"], ["x"]])
def test_nobody_or_somebody_unknown_is_refused(event, client, officers):
    response = client.post(address(event), {"officers": officers})
    assert response.status_code == 422
    assert not EventPresence.objects.exists()


def test_officers_of_other_stations_and_without_a_working_account_are_not_offered(quarter, event, client):
    foreign = OfficerFactory()
    gone = OfficerFactory(station=quarter.station, user=UserFactory(is_active=False))
    for officer in (foreign, gone):
        assert client.post(address(event), {"officers": [officer.pk]}).status_code == 422
    assert "Mette Holm" in client.get(address(event)).content.decode()


def test_taken_off_before_the_mail_left_nobody_is_told_afterwards_they_are(quarter, event, client):
    client.post(address(event), {"officers": [quarter.mette.pk]})
    client.post(f"/station/presence/{EventPresence.objects.get().uuid}/remove/")
    assert not Notification.objects.exists()
    client.post(address(event), {"officers": [quarter.mette.pk]})
    Notification.objects.update(state="sent", sent_at=timezone.now())
    client.post(f"/station/presence/{EventPresence.objects.get().uuid}/remove/")
    assert not EventPresence.objects.exists()
    last = Notification.objects.order_by("pk").last()
    assert last.event == "contacts.presence_withdrawn"


def test_the_officer_says_whether_they_come_and_a_no_reaches_who_assigned_them(quarter, event, head, client):
    row = event.presences.create(officer=quarter.mette, assigned_by=head)
    client.force_login(quarter.mette.user)
    page = client.get(f"/station/events/{event.uuid}/").content.decode()
    assert "You are to be there" in page
    answer = f"/station/presence/{row.uuid}/answer/"
    client.post(answer, {"answer": "perhaps"})
    client.post(answer, {"answer": "yes"})
    row.refresh_from_db()
    assert row.answer == "yes"
    assert not Notification.objects.exists()
    for _time in range(2):
        client.post(answer, {"answer": "no"})
    (mail,) = Notification.objects.all()
    assert (mail.event, mail.recipient) == ("contacts.presence_declined", head)
    client.force_login(head)
    assert client.get(address(event)).context["missing"] == 2


def test_nobody_answers_for_another_and_officers_assign_nobody(quarter, event, head, client):
    row = event.presences.create(officer=quarter.jonas, assigned_by=head)
    client.force_login(quarter.mette.user)
    assert client.post(f"/station/presence/{row.uuid}/answer/", {"answer": "yes"}).status_code == 404
    assert client.post(f"/station/presence/{row.uuid}/remove/").status_code == 404
    assert client.get(address(event)).status_code == 404


def test_events_that_lack_officers_stand_on_the_heads_page(event, client):
    text = client.get("/station/publishing/").content.decode()
    assert "Sentinel" in text
    assert "2 are lacking" in text
