"""The clock strikes once for each message; who answers now knows of what waits."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config.celery import app
from contacts.messages.taking_over import tell_who_answers
from contacts.messages.waiting import escalate, remind
from contacts.models import Message
from contacts.tasks import count_answer_times, erase_messages, watch_the_clock
from contacts.tasks import tell_who_answers as tell_task
from notifications.mail import compose
from notifications.models import Notification
from officers.models import User
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    LeadershipFactory,
    MessageFactory,
    OfficerFactory,
    UserFactory,
    between,
    days_ago,
    head_of,
    head_of_district,
    since,
)

DAY = datetime.timedelta(days=1)


def told(event: str = "") -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk")
    found = [(row.recipient.name or row.recipient.email, row.event.removeprefix("contacts.")) for row in rows]
    return [one for one in found if event in ("", one[1])]


def account(officer) -> User:
    officer.user = UserFactory(name=officer.name)
    officer.save()
    return officer.user


@pytest.fixture
def staffed(quarter):
    account(quarter.mette)
    account(quarter.jonas)
    quarter.head = head_of_district(quarter.north)
    return quarter


pytestmark = pytest.mark.django_db


def test_before_48_hours_nobody_is_reminded(staffed):
    message = MessageFactory(sector=staffed.west)
    assert remind(message.warn_at - datetime.timedelta(seconds=1)) == 0
    assert told() == []


def test_at_48_hours_who_answers_is_reminded_once(staffed):
    message = MessageFactory(sector=staffed.west)
    assert remind(message.warn_at) == 1
    assert remind(message.warn_at + DAY) == 0
    assert told() == [("Mette Holm", "message_warning")]
    message.refresh_from_db()
    assert message.warned_at == message.warn_at
    assert list(message.events.values_list("kind", flat=True)) == ["warned"]


def test_who_has_it_in_hand_is_reminded_too_and_nobody_twice(staffed):
    ulla = account(OfficerFactory(station=staffed.station, name="Ulla Udkast"))
    AssignmentFactory(attached=True, officer=ulla.officer, sector=staffed.west)
    MessageFactory(sector=staffed.west, assigned_to=ulla, received_at=days_ago(8))
    MessageFactory(sector=staffed.west, assigned_to=staffed.mette.user, received_at=days_ago(7.5))
    remind()
    assert told() == [
        ("Mette Holm", "message_warning"),
        ("Ulla Udkast", "message_warning"),
        ("Mette Holm", "message_warning"),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"answered_at": timezone.now()},
        {"closed_at": timezone.now(), "result": "spam"},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_what_is_answered_closed_or_taken_back_strikes_no_clock(staffed, facts):
    MessageFactory(sector=staffed.west, overdue=True, **facts)
    watch_the_clock()
    assert told() == []


def test_during_an_absence_the_cover_is_reminded_and_who_is_away_knows(staffed):
    away = AbsenceFactory(officer=staffed.mette, period=since(days=3))
    CoverFactory(absence=away, sector=staffed.west, officer=staffed.jonas)
    MessageFactory(sector=staffed.west, overdue=True)
    remind()
    assert set(told()) == {("Jonas Berg", "message_warning"), ("Mette Holm", "message_warning")}


def test_at_72_hours_the_head_of_the_district_is_told_once(staffed):
    message = MessageFactory(sector=staffed.west, text="My neighbour shouts")
    assert escalate(message.due_at - datetime.timedelta(seconds=1)) == 0
    assert (escalate(message.due_at), escalate(message.due_at)) == (1, 0)
    assert told() == [(str(staffed.head), "message_overdue")]
    assert list(message.events.values_list("kind", flat=True)) == ["escalated"]
    mail = compose(Notification.objects.get())
    assert f"/inbox/{message.uuid}/" in mail.body
    assert "neighbour" not in mail.body + mail.subject


def test_where_the_district_has_no_head_the_stations_is_told(staffed):
    head = head_of(staffed.station)
    MessageFactory(sector=staffed.vacant, overdue=True)
    escalate()
    assert told() == [(str(head), "message_overdue")]


def test_a_head_whose_time_is_over_is_not_told(quarter):
    LeadershipFactory(station=quarter.station, district=quarter.north, period=between(days=(-90, -1)))
    MessageFactory(sector=quarter.west, overdue=True)
    assert escalate() == 1
    assert told() == []


def test_workers_that_were_away_for_days_say_both_when_they_are_back(staffed):
    message = MessageFactory(sector=staffed.west, overdue=True)
    watch_the_clock()
    watch_the_clock()
    assert [event for _name, event in told()] == ["message_warning", "message_overdue"]
    message.refresh_from_db()
    assert message.warned_at
    assert message.escalated_at


def test_what_a_mail_of_the_clock_says(staffed):
    message = MessageFactory(sector=staffed.west, text="My neighbour shouts", name="Cirkeline")
    remind(message.warn_at)
    mail = compose(Notification.objects.get())
    assert mail.subject == "A message of Brønshøj waits for an answer"
    assert "nobody has answered yet" in mail.body
    assert f"/inbox/{message.uuid}/" in mail.body
    assert not any(word in mail.body + mail.subject for word in ("neighbour", "Cirkeline"))


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_strike_once(staffed):
    MessageFactory.create_batch(12, sector=staffed.west, overdue=True)
    start = threading.Barrier(4)
    counted: list[int] = []

    def work() -> None:
        try:
            start.wait(10)
            counted.append(remind() + escalate())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    # A row in another's hands is left to it: together they strike for each once, and none twice.
    watch_the_clock()
    assert sum(counted) <= 24
    assert len(told("message_warning")) == len(told("message_overdue")) == 12
    assert Message.objects.filter(warned_at=None).count() == 0


# Who answers now


def test_a_cover_that_begins_is_told_of_what_is_open_once(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(2))
    MessageFactory(sector=staffed.west, received_at=days_ago(1))
    away = AbsenceFactory(officer=staffed.mette, period=between(hours=(-3, 90)))
    CoverFactory(absence=away, sector=staffed.west, officer=staffed.jonas)
    assert (tell_who_answers(), tell_who_answers()) == (1, 0)
    assert told() == [("Jonas Berg", "messages_taken_over")]
    assert (
        "You answer for Brønshøj now. 2 messages are open there." in compose(Notification.objects.get()).body
    )


def test_who_comes_back_is_told_of_what_is_open(staffed):
    away = AbsenceFactory(officer=staffed.mette, period=between(hours=(-90, -3)))
    CoverFactory(absence=away, sector=staffed.west, officer=staffed.jonas)
    MessageFactory(sector=staffed.west, received_at=days_ago(1))
    tell_who_answers()
    assert told() == [("Mette Holm", "messages_taken_over")]


def test_who_comes_back_twice_within_weeks_is_told_twice(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(6))
    for hours in ((-90, -3), (30, 90)):
        AbsenceFactory(officer=staffed.mette, period=between(hours=hours))
    tell_who_answers()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=92)):
        tell_who_answers()
    assert told() == [("Mette Holm", "messages_taken_over")] * 2


def test_without_a_change_nobody_is_told(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(1))
    assert tell_who_answers() == 0


def test_a_change_long_ago_is_not_told(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(9))
    AbsenceFactory(officer=staffed.mette, period=between(days=(-5, -2)))
    assert tell_who_answers() == 0


def test_where_nothing_is_open_nobody_is_told(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(3), closed_at=days_ago(2), result="settled")
    away = AbsenceFactory(officer=staffed.mette, period=between(hours=(-3, 90)))
    CoverFactory(absence=away, sector=staffed.west, officer=staffed.jonas)
    assert tell_who_answers() == 0


def test_a_message_in_the_hands_of_who_has_left_falls_to_who_answers(staffed):
    ulla = account(OfficerFactory(station=staffed.station, name="Ulla Udkast"))
    AssignmentFactory(
        attached=True, officer=ulla.officer, sector=staffed.west, period=between(days=(-30, -4))
    )
    message = MessageFactory(sector=staffed.west, assigned_to=ulla, received_at=days_ago(6))
    assert (tell_who_answers(), tell_who_answers()) == (1, 0)
    message.refresh_from_db()
    assert message.assigned_to is None
    event = message.events.get()
    assert (event.kind, event.by, event.to) == ("assigned", None, None)
    assert told() == [("Mette Holm", "messages_taken_over")]


def test_a_successor_is_told_and_what_the_predecessor_had_in_hand_is_theirs(staffed):
    old = account(OfficerFactory(station=staffed.station, name="Gamle Gert"))
    new = account(OfficerFactory(station=staffed.station, name="Nye Nanna"))
    AssignmentFactory(officer=old.officer, sector=staffed.vacant, period=between(hours=(-900, -2)))
    AssignmentFactory(officer=new.officer, sector=staffed.vacant, period=between(hours=(-2, 900)))
    message = MessageFactory(sector=staffed.vacant, assigned_to=old, received_at=days_ago(1))
    assert (tell_who_answers(), tell_who_answers()) == (1, 0)
    message.refresh_from_db()
    assert message.assigned_to is None
    assert told() == [("Nye Nanna", "messages_taken_over")]


def test_who_is_away_keeps_what_they_have_in_hand(staffed):
    AbsenceFactory(officer=staffed.mette, period=since(days=2))
    message = MessageFactory(sector=staffed.west, assigned_to=staffed.mette.user, received_at=days_ago(4))
    tell_who_answers()
    message.refresh_from_db()
    assert message.assigned_to == staffed.mette.user


def test_where_nobody_answers_any_more_the_head_is_told(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(1))
    AbsenceFactory(officer=staffed.mette, period=between(hours=(-3, 90)))
    tell_who_answers()
    assert (str(staffed.head), "messages_taken_over") in told()
    assert "Nobody answers for Brønshøj at the moment. 1 message is open there." in (
        compose(Notification.objects.first()).body
    )


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_who_answers_once(staffed):
    MessageFactory(sector=staffed.west, received_at=days_ago(1))
    away = AbsenceFactory(officer=staffed.mette, period=between(hours=(-3, 90)))
    CoverFactory(absence=away, sector=staffed.west, officer=staffed.jonas)

    def work() -> None:
        try:
            tell_who_answers()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert told() == [("Jonas Berg", "messages_taken_over")]


def test_beat_runs_what_there_is():
    planned = {line["task"] for line in app.conf.beat_schedule.values()}
    tasks = (watch_the_clock, tell_task, erase_messages, count_answer_times)
    assert {task.name for task in tasks} <= planned
    for task in tasks:
        task()
