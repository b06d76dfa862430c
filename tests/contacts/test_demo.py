"""The public side of the demonstration: something of everything, told once however often it is loaded."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from contacts.demo.surveys import QUIET
from contacts.models import (
    AnswerTime,
    ContactHours,
    Evaluation,
    Event,
    Exchange,
    Message,
    Notice,
    PartnerContact,
    PrintRun,
    SheetCount,
    SurveyAnswer,
    SurveyRound,
)
from contacts.publishing.told import told_in
from contacts.surveys.results import results_of
from officers.demo.organisation import OFFICER
from officers.models import User
from sectors.models import Sector

MODELS = (ContactHours, Event, Exchange, Message, Notice, PartnerContact, PrintRun)
SURVEYS = (Evaluation, SheetCount, SurveyAnswer, SurveyRound)

pytestmark = pytest.mark.django_db


@pytest.fixture
def _demo(settings, capsys):
    settings.DEMO = True
    call_command("load_demo")


def counts() -> list[int]:
    return [model.objects.count() for model in (*MODELS, *SURVEYS)]


@pytest.mark.usefixtures("_demo")
def test_loading_twice_is_the_same_as_once():
    before = counts()
    assert all(before)
    call_command("load_demo")
    assert counts() == before


@pytest.mark.usefixtures("_demo")
def test_every_sector_can_be_met_in_person_and_every_district_says_how_soon_it_answers():
    for sector in Sector.objects.all():
        told = told_in(sector.pk)
        assert told.hours
        assert told.answer_time
    assert AnswerTime.objects.count() == 3


@pytest.mark.usefixtures("_demo")
def test_the_officer_who_logs_in_finds_a_message_to_read_and_one_overdue():
    mine = Message.objects.visible_to(User.objects.get(email=OFFICER.email))
    assert mine.filter(read_at=None).exists()
    assert mine.overdue_at(timezone.now()).exists()


@pytest.mark.usefixtures("_demo")
def test_what_waits_for_approval_and_what_is_internal_is_not_told():
    told = told_in(Sector.objects.get(number=1).pk)
    waiting = set(Notice.objects.waiting().values_list("uuid", flat=True))
    internal = set(Event.objects.filter(is_internal=True).values_list("uuid", flat=True))
    assert waiting
    assert internal
    assert not waiting & {notice.uuid for notice in told.notices}
    assert not internal & {event.uuid for event in told.events}


@pytest.mark.usefixtures("_demo")
def test_two_rounds_of_the_survey_can_be_compared_and_a_third_is_open():
    station = Sector.objects.get(number=1).station
    now, last, _first = SurveyRound.objects.filter(station=station)
    assert now.is_open_on(timezone.localdate())
    results = results_of(last, list(station.sectors.all()))
    assert all(share.difference is not None for share in results.total.shares)
    assert {row.sector.number for row in results.rows if row.answers is None} == set(QUIET)
    told = [row for row in results.rows if all(share.difference is not None for share in row.shares)]
    assert {row.sector.number for row in results.rows if row not in told} == set(QUIET)
