"""An officer's pages: the form, one's own contributions, one of them."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from handbook.chapters.publishing import publish
from handbook.models import Contribution, ContributionStep
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    RevisionFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ASKED = {"state": "under_review", "is_asked": True}


@pytest.fixture
def held():
    """The officer's assignment."""
    return AssignmentFactory(sector__name="Brønshøj", officer__user=UserFactory(), officer__name="Anna Holm")


@pytest.fixture
def officer(held, client):
    client.force_login(held.officer.user)
    return held.officer.user


@pytest.fixture
def chapter(held):
    return ChapterFactory(station=held.sector.station, slug="the-task")


@pytest.fixture
def address(chapter):
    return reverse("handbook:contribution_create", args=[chapter.station.slug, "the-task-first"])


def page_of(client, contribution):
    return client.get(reverse("handbook:contribution_detail", args=[contribution.uuid]))


def sent(**words):
    return {"text": "We knock twice.", "language": "en", "sector": "", "form_token": uuid.uuid4()} | words


def stepped(contribution, kind, text=""):
    return contribution.steps.create(kind=kind, by=UserFactory(name="Editor Lund"), text=text)


# --- Handing in


def test_the_form_shows_the_passage_and_begins_with_page_and_officer(client, officer, held, address):
    answer = client.get(address)
    form = answer.context["form"]
    assert b"First." in answer.content
    assert (form["sector"].value(), form["language"].value()) == (held.sector.slug, "en")
    danish = client.get(f"/da{address}").context["form"]
    assert danish["language"].value() == "da"
    assert danish["form_token"].value() != form["form_token"].value()


def test_the_form_shows_how_the_passage_goes_on(client, officer, chapter, address):
    chapter.passages.filter(anchor="the-task-first").update(text_en="First. Keep it short, and daily.")
    page = client.get(address).content.decode()
    assert "Keep it short, and daily." in page
    assert "First. Keep it short" not in page


def test_who_holds_two_sectors_is_preset_none(client, officer, held, address):
    AssignmentFactory(
        officer=held.officer, sector=SectorFactory(station=held.sector.station, district=held.sector.district)
    )
    assert not client.get(address).context["form"]["sector"].value()


def test_handing_in_leads_to_ones_contribution(client, officer, held, address):
    answer = client.post(address, sent(sector=held.sector.slug), follow=True)
    made = Contribution.objects.get()
    assert (made.author, made.author_name, made.sector) == (officer, "Anna Holm", held.sector)
    assert made.passage.anchor == "the-task-first"
    assert answer.status_code == 200
    assert str(made.form_token) in answer.content.decode()
    assert "no editor has looked at it yet" in answer.content.decode()


def test_the_same_form_twice_is_one_contribution_and_says_so(client, officer, address):
    words = sent()
    client.post(address, words)
    answer = client.post(address, words, follow=True)
    assert Contribution.objects.count() == 1
    assert "handed in already" in answer.content.decode()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"text": "  "}, "Write what you contribute."),
        ({"text": "x" * 4001}, "4001 characters long"),
        ({"text": "He is 010190-1234."}, "national identity number"),
        ({"language": "fr"}, "not one of the available choices"),
        ({"sector": "elsewhere"}, "not one of the available choices"),
        ({"text": "zero\x00byte"}, "Null characters"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_words_kept(client, officer, address, words, says):
    answer = client.post(address, sent(**words))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.context["form"]["text"].value() == sent(**words)["text"]
    assert not Contribution.objects.exists()


def test_four_thousand_characters_with_line_breaks_of_a_browser_are_taken(client, officer, address):
    text = "\r\n".join(["x" * 39] * 100)
    assert client.post(address, sent(text=text)).status_code == 302
    assert len(Contribution.objects.get().text) == 3999


def test_a_broken_token_costs_nobody_their_words(client, officer, address):
    assert client.post(address, sent(form_token="no token")).status_code == 302
    assert Contribution.objects.get().text == "We knock twice."


def test_a_name_is_asked_about_once_and_a_yes_is_believed(client, officer, address):
    words = sent(text="We ask Jens Hansen to open.")
    answer = client.post(address, words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Is this a citizen?" in page
    assert "Send it all the same" in page
    assert not Contribution.objects.exists()
    key = answer.context["form"].question_key
    assert client.post(address, words | {"answered": key}).status_code == 302
    assert Contribution.objects.get().text == "We ask Jens Hansen to open."


def test_a_yes_to_one_name_is_none_to_another(client, officer, address):
    key = client.post(address, sent(text="We ask Jens Hansen.")).context["form"].question_key
    answer = client.post(address, sent(text="We ask Ole Hansen.", answered=key))
    assert answer.status_code == 422


def test_no_yes_lets_an_identity_number_pass(client, officer, address):
    key = client.post(address, sent(text="We ask Jens Hansen.")).context["form"].question_key
    answer = client.post(address, sent(text="We ask Jens Hansen, 010190-1234.", answered=key))
    assert answer.status_code == 422
    assert not Contribution.objects.exists()


def test_what_was_a_point_goes_to_its_chapter_with_a_word(client, officer, chapter, address):
    chapter.passages.filter(anchor="the-task-first").update(left_at=timezone.now())
    assert "is not in the text any more" in client.get(address).content.decode()
    answer = client.post(address, sent(), follow=True)
    assert Contribution.objects.get().passage.anchor == "the-task"
    assert "Your contribution stands at" in answer.content.decode()


def test_a_chapter_that_was_left_out_asks_for_another_place(client, officer, chapter, address):
    other = ChapterFactory(station=chapter.station, slug="the-method")
    chapter.left_out_at = timezone.now()
    chapter.save()
    assert "Choose another place" in client.get(address).content.decode()
    answer = client.post(address, sent())
    assert (answer.status_code, answer.context["form"]["text"].value()) == (422, "We knock twice.")
    client.post(address, sent(place="the-method"))
    assert Contribution.objects.get().passage.chapter == other


def test_nobody_contributes_to_another_stations_handbook(client, officer):
    chapter = ChapterFactory()
    where = reverse("handbook:contribution_create", args=[chapter.station.slug, chapter.slug])
    assert client.get(where).status_code == 404
    assert client.post(where, sent()).status_code == 404


def test_the_form_costs_few_queries(client, officer, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get(address)


# --- One's own


def test_ones_own_are_listed_newest_first_in_plain_words(
    client, officer, chapter, django_assert_max_num_queries
):
    day = timezone.now() - datetime.timedelta(days=1)
    mine = {"chapter": chapter, "author": officer}
    ContributionFactory(text="Older one.", submitted_at=day, **mine)
    ContributionFactory(text="Newer one.", **ASKED, **mine)
    ContributionFactory(text="Somebody else's.", chapter=chapter)
    for number in range(10):
        ContributionFactory(text=f"Oldest {number}.", submitted_at=day - datetime.timedelta(days=1), **mine)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("handbook:contribution_mine", args=[chapter.station.slug])).content.decode()
    assert page.index("The editor has a question") < page.index("no editor has looked at it yet")
    assert page.index("Newer one.") < page.index("Older one.")
    assert "Somebody else" not in page


def test_an_empty_list_says_where_to_begin(client, officer, chapter):
    page = client.get(reverse("handbook:contribution_mine", args=[chapter.station.slug]))
    assert "You have not contributed" in page.content.decode()


# --- One of them


def test_the_author_reads_words_steps_and_reason(client, officer, chapter):
    made = ContributionFactory(
        chapter=chapter, author=officer, text="My words.", state="declined", decided_at=timezone.now()
    )
    stepped(made, ContributionStep.Kind.DECLINED, "The point says it already.")
    page = page_of(client, made).content.decode()
    assert all(
        words in page for words in ["My words.", "Editor Lund", "The point says it already.", "declined on"]
    )
    assert "/withdraw/" not in page


def test_a_reader_sees_wording_and_credit_alone(client, officer, chapter, held):
    made = ContributionFactory(
        chapter=chapter,
        inserted=True,
        text="My raw words.",
        wording="The wording.",
        author_name="Bo Lund",
        sector=held.sector,
        decided_at=datetime.datetime(2027, 5, 3, 12, tzinfo=datetime.UTC),
    )
    stepped(made, ContributionStep.Kind.ASKED, "A question of the editor.")
    page = re.sub(r"\s+", " ", page_of(client, made).content.decode())
    assert "The wording." in page
    assert "Inserted from Bo Lund, Brønshøj, May 2027" in page
    assert "My raw words." not in page
    assert "A question of the editor." not in page


def test_the_editor_reads_all_of_it(client, chapter):
    client.force_login(StaffRoleFactory(editor=True, station=chapter.station).user)
    made = ContributionFactory(chapter=chapter, text="My raw words.")
    assert "My raw words." in page_of(client, made).content.decode()


def test_a_colleague_sees_nothing_of_what_is_not_inserted(client, officer, chapter):
    assert page_of(client, ContributionFactory(chapter=chapter)).status_code == 404


# --- Answering, withdrawing


@pytest.fixture
def asked(officer, chapter):
    made = ContributionFactory(chapter=chapter, author=officer, **ASKED)
    stepped(made, ContributionStep.Kind.ASKED, "On which day?")
    return made


def act(client, contribution, name, **words):
    return client.post(reverse(f"handbook:contribution_{name}", args=[contribution.uuid]), words)


def test_a_question_is_shown_and_answered(client, asked):
    assert "On which day?" in page_of(client, asked).content.decode()
    assert act(client, asked, "answer", text="On Mondays.").status_code == 302
    page = page_of(client, asked).content.decode()
    assert "On Mondays." in page
    assert "Send the answer" not in page


def test_the_same_answer_twice_is_one(client, asked):
    act(client, asked, "answer", text="On Mondays.")
    assert act(client, asked, "answer", text="On Mondays.").status_code == 302
    assert asked.steps.filter(kind="answered").count() == 1


def test_an_answer_that_comes_too_late_is_kept_before_the_writer(client, asked):
    Contribution.objects.filter(pk=asked.pk).update(is_asked=False)
    Contribution.objects.filter(pk=asked.pk).update(state="declined", decided_at=timezone.now())
    answer = act(client, asked, "answer", text="On Mondays, at ten.")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "On Mondays, at ten." in page
    assert "decided meanwhile" in page
    assert not asked.steps.filter(kind="answered").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "Write your answer."), ("Ask Jens Hansen.", "Is this a citizen?"), ("x" * 1001, "1001")],
)
def test_an_answer_that_cannot_be_taken_is_kept(client, asked, text, says):
    answer = act(client, asked, "answer", text=text)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.context["answer_form"]["text"].value() == text


def test_withdrawing_takes_it_from_the_editors(client, asked):
    editor = StaffRoleFactory(editor=True, station=asked.passage.station).user
    words = asked.text
    assert words in page_of(client, asked).content.decode()
    assert act(client, asked, "withdraw").status_code == 302
    page = page_of(client, asked).content.decode()
    assert "Withdrawn on" in page
    assert "Erased when you withdrew it." in page
    assert words not in page
    station = asked.passage.station
    own = client.get(reverse("handbook:contribution_mine", args=[station.slug])).content.decode()
    assert "Its words are erased" in own
    assert words not in own
    client.force_login(editor)
    assert page_of(client, asked).status_code == 404


def test_withdrawing_what_was_decided_meanwhile_is_refused(client, officer, chapter):
    made = ContributionFactory(chapter=chapter, author=officer, inserted=True)
    answer = act(client, made, "withdraw")
    assert answer.status_code == 409
    assert "decided meanwhile" in answer.content.decode()
    made.refresh_from_db()
    assert made.state == Contribution.State.INSERTED


@pytest.mark.parametrize("name", ["answer", "withdraw"])
def test_nobody_else_answers_or_withdraws(client, chapter, name):
    made = ContributionFactory(chapter=chapter)
    client.force_login(StaffRoleFactory(editor=True, station=chapter.station).user)
    assert act(client, made, name, text="Words.").status_code == 404


def test_words_are_never_markup(client, officer, chapter):
    made = ContributionFactory(
        chapter=chapter,
        author=officer,
        inserted=True,
        text="<script>a</script>",
        wording="<b>b</b> [c](javascript:d)",
    )
    page = page_of(client, made).content.decode()
    assert "&lt;script&gt;a" in page
    assert "&lt;b&gt;b" in page
    assert 'href="javascript' not in page


def test_what_was_renumbered_meanwhile_keeps_its_contributions(client, officer, chapter):
    made = ContributionFactory(passage=chapter.passages.get(anchor="the-task-first"), author=officer)
    body = "1. New. {#new}\n2. First. {#the-task-first}\n3. Second. {#the-task-second}"
    publish(RevisionFactory(chapter=chapter, body_en=body))
    page = re.sub(r"\s+", " ", page_of(client, made).content.decode())
    assert "Title of the-task, 2" in page
