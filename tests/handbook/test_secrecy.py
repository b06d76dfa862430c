"""Who reads the handbook reads what stands in it: never an officer's own words, questions and answers, or reasons."""

import json

import pypdfium2
import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from audit.models import Change
from handbook.contributions.declining import decline
from handbook.contributions.taking_out import take_out
from handbook.contributions.withdrawing import withdraw
from handbook.models import ContributionStep
from notifications.models import Notification
from officers.models import Assignment
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.handbook.editing_desk import desk as editing_desk
from tests.handbook.editing_desk import logged_in

pytestmark = pytest.mark.django_db
OWN, ASKED, ANSWERED = "quietlyown", "quietlyasked", "quietlyanswered"
SECRET = (OWN, ASKED, ANSWERED)


@pytest.fixture
def desk():
    return editing_desk()


def colleague(desk):
    officer = OfficerFactory(station=desk.station, user=UserFactory())
    AssignmentFactory(sector__station=desk.station, officer=officer)
    return officer.user


def district_head(desk):
    district = DistrictFactory(station=desk.station)
    SectorFactory(station=desk.station, district=district)
    return LeadershipFactory(station=desk.station, district=district).user


READERS = {
    "colleague": colleague,
    "station head": lambda desk: LeadershipFactory(station=desk.station).user,
    "district head": district_head,
    "analyst": lambda desk: StaffRoleFactory(role="analyst", station=desk.station).user,
}


@pytest.fixture(params=READERS)
def reader(desk, request):
    return logged_in(READERS[request.param](desk))


def talked_about(desk, **values):
    """Return a contribution with a question, an answer and words of its own."""
    made = desk.contribution(text=f"We {OWN} meet.", **values)
    kinds = ContributionStep.Kind
    made.steps.create(kind=kinds.ASKED, by=desk.editor, text=f"Where {ASKED}?")
    made.steps.create(kind=kinds.ANSWERED, by=desk.officer, text=f"There {ANSWERED}.")
    return made


def addresses(desk):
    def at(name, *more, query=""):
        return reverse(f"handbook:{name}", args=[desk.station.slug, *more]) + query

    return [
        at("handbook_contents"),
        at("chapter_detail", desk.chapter.slug),
        at("chapter_history", desk.chapter.slug),
        *(at("passage_search", query=f"?q={word}") for word in SECRET),
    ]


def paper(client, desk):
    answer = client.get(reverse("handbook:booklet_pdf", args=[desk.station.slug]))
    assert answer.status_code == 200
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content))


def assert_says_nothing(client, desk):
    for answer in map(client.get, addresses(desk)):
        assert answer.status_code == 200
        if "found" in answer.context:
            # What was looked for stands in the search's own field.
            assert not answer.context["found"]
        else:
            assert not any(word in answer.content.decode() for word in SECRET)
    assert not any(word in paper(client, desk) for word in SECRET)


def test_of_what_was_inserted_its_wording_alone_is_read(desk, reader):
    made = talked_about(desk, inserted=True, wording="We meet the tradespeople.")
    assert_says_nothing(reader, desk)
    page = reader.get(desk.at(made, "detail")).content.decode()
    assert "We meet the tradespeople." in page
    assert "What happened" not in page
    assert not any(word in page for word in SECRET)
    assert "We meet the tradespeople." in paper(reader, desk)


@pytest.mark.parametrize("state", ["submitted", "under_review", "declined", "taken_out"])
def test_of_what_is_not_in_the_handbook_nothing_is_read(desk, reader, state):
    decided_at = timezone.now() if state in ("declined", "taken_out") else None
    made = talked_about(desk, state=state, decided_at=decided_at)
    assert_says_nothing(reader, desk)
    assert reader.get(desk.at(made, "detail")).status_code == 404
    for act in ("take_up", "ask", "insert", "decline", "reword", "take_out", "answer", "withdraw"):
        assert reader.post(desk.at(made, act), {"text": "A", "text_en": "A"}).status_code == 404
    made.refresh_from_db()
    assert made.state == state


def test_of_what_is_withdrawn_its_author_alone_reads_that_it_was(desk):
    made = talked_about(desk)
    withdraw(made, by=desk.officer)
    reviewer = StaffRoleFactory(role="reviewer", station=None).user
    for user in (desk.editor, reviewer, LeadershipFactory(station=desk.station).user):
        assert logged_in(user).get(desk.at(made, "detail")).status_code == 404
    assert desk.client.post(desk.at(made, "insert"), {"text_en": "A"}).status_code in (404, 409)
    own = logged_in(desk.officer).get(desk.at(made, "detail"))
    assert own.status_code == 200
    assert not any(word in own.content.decode() for word in SECRET)


def test_an_author_whose_rights_have_ended_reads_and_does_nothing(desk):
    made = talked_about(desk, state="under_review", is_asked=True)
    author = logged_in(desk.officer)
    assert author.get(desk.at(made, "detail")).status_code == 200
    held = Assignment.objects.get(officer__user=desk.officer)
    held.period = DateTimeTZRange(held.period.lower, timezone.now())
    held.save()
    assert author.get(desk.at(made, "detail")).status_code == 404
    for act, sent in (("answer", {"text": "There."}), ("withdraw", {})):
        assert author.post(desk.at(made, act), sent).status_code == 404
    page = reverse("handbook:contribution_create", args=[desk.station.slug, "task-first"])
    assert author.post(page, {"text": "Words.", "language": "en"}).status_code == 404


def test_an_editor_of_another_station_meets_nothing(desk):
    made = talked_about(desk)
    client = logged_in(StaffRoleFactory(editor=True).user)
    for act in ("detail", "insert", "reword"):
        assert client.get(desk.at(made, act)).status_code == 404
    for act in ("take_up", "ask", "insert", "decline", "reword", "take_out", "answer", "withdraw", "agree"):
        assert client.post(desk.at(made, act), {"text": "A", "text_en": "A"}).status_code == 404
    for address in addresses(desk):
        assert client.get(address).status_code == 404


def test_no_mail_and_no_log_of_changes_holds_a_word_of_it(desk):
    made = talked_about(desk)
    decline(made, f"Not {OWN}.", by=desk.editor)
    other = talked_about(desk, inserted=True, wording=f"Worded {OWN}.")
    take_out(other, f"Not {ASKED}.", by=desk.editor)
    rows = [
        *Change.objects.values_list("before", "after"),
        *Notification.objects.values_list("context", flat=True),
    ]
    held = json.dumps(rows, default=str)
    assert str(made.uuid) in held
    assert not any(word in held for word in SECRET)
