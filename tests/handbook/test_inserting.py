"""An editor words a contribution and inserts it; it stands in the handbook at once, and may be worded anew."""

import datetime
import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from handbook.contributions import inserting, rewording
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.inserted_between import inserted_between
from handbook.contributions.inserting import PassageGone
from handbook.contributions.withdrawing import withdraw
from handbook.models import Contribution, Wording
from handbook.models.contributions import TEXT_LIMIT
from tests.factories import ChapterFactory
from tests.handbook import editing_desk
from tests.handbook.editing_desk import OWN_WORDS, at_once, kinds, logged_in, mails

pytestmark = pytest.mark.django_db

WORDS = {"en": "Tradespeople are met monthly.", "da": "Handlende besøges månedligt."}


@pytest.fixture
def desk():
    return editing_desk.desk()


def sent(desk, contribution, act="insert", client=None, **changes):
    return (client or desk.client).post(desk.at(contribution, act), desk.wording(contribution, **changes))


def refused(page):
    assert page.status_code == 422
    return page.content.decode()


def test_the_page_begins_with_the_officers_words_beside_the_passage_and_the_text_around_it(desk):
    contribution = desk.contribution(language="da", text="Vi mødes mandag.")
    desk.contribution(inserted=True, wording="We do it on Tuesday.")
    page = desk.client.get(desk.at(contribution, "insert"))
    text = page.content.decode()
    assert page.context["form"]["text_da"].value() == "Vi mødes mandag."
    assert not page.context["form"]["text_en"].value()
    assert page.context["form"]["place"].value() == "task-first"
    # The Danish wording comes first, as the contribution is in Danish.
    assert text.index('name="text_da"') < text.index('name="text_en"')
    for part in ("Practice", "First.", "Second.", "We do it on Tuesday.", "Mette Holm"):
        assert part in text


def test_inserted_it_stands_in_the_chapter_at_once_with_its_authors_name(desk):
    contribution = desk.contribution()
    assert sent(desk, contribution, text_da=WORDS["da"]).status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == "inserted"
    assert contribution.decided_at is not None
    wording = Wording.objects.get()
    assert (wording.text_en, wording.text_da) == (WORDS["en"], WORDS["da"])
    assert wording.written_by == desk.editor
    assert kinds(contribution) == ["inserted"]
    assert mails() == [(desk.officer.email, "inserted")]
    address = f"/handbook/{desk.station.slug}/chapters/task/"
    assert WORDS["en"] in (chapter := logged_in(desk.officer).get(address).content.decode())
    assert "Mette Holm" in chapter
    assert WORDS["da"] in logged_in(desk.officer).get(f"/da{address}").content.decode()


def test_what_the_officer_wrote_stays_as_it_was(desk):
    contribution = desk.contribution()
    sent(desk, contribution)
    contribution.refresh_from_db()
    assert contribution.text == OWN_WORDS


def test_an_open_question_is_closed_by_inserting(desk):
    contribution = desk.contribution(under_review=True, is_asked=True)
    assert sent(desk, contribution).status_code == 302
    contribution.refresh_from_db()
    assert not contribution.is_asked


def test_the_editor_may_choose_another_passage_and_the_move_is_noted(desk):
    ChapterFactory(station=desk.station, slug="sectors", position=2)
    contribution = desk.contribution()
    assert sent(desk, contribution, place="sectors-second").status_code == 302
    contribution.refresh_from_db()
    assert contribution.passage.anchor == "sectors-second"
    assert kinds(contribution) == ["moved", "inserted"]
    moved = contribution.steps.get(kind="moved")
    assert moved.text == "Title of task: 1. First. → Title of sectors: 2. Second."


def test_a_passage_of_another_handbook_is_none(desk):
    elsewhere = ChapterFactory(slug="elsewhere")
    contribution = desk.contribution()
    assert "no longer in the handbook&#x27;s text" in refused(sent(desk, contribution, place=elsewhere.slug))
    contribution.refresh_from_db()
    assert contribution.is_open


def test_looked_at_first_nothing_is_saved(desk):
    contribution = desk.contribution()
    page = desk.client.post(
        desk.at(contribution, "insert"),
        desk.wording(contribution, text_en="**Bold** words and [the first](#task-first).") | {"act": "look"},
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "<strong>Bold</strong> words" in text
    assert f'href="/handbook/{desk.station.slug}/at/task-first/"' in text
    assert "Nothing is saved yet." in text
    contribution.refresh_from_db()
    assert contribution.is_open
    assert kinds(contribution) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Write the words that stand in the handbook, in one language at least."),
        ("  \n ", "Write the words that stand in the handbook, in one language at least."),
        ("## A chapter\n\nWords.", "A contribution has no headings"),
        ("- a list\n- ### with a heading", "A contribution has no headings"),
        ("[Click](javascript:alert(1))", "is not allowed"),
        ("[The log](#no-such-point)", "leads nowhere"),
        ("x" * (TEXT_LIMIT + 1), "4000"),
        ("Ask 010190-1234.", "looks like a national identity number"),
    ],
)
def test_words_that_do_not_belong_into_the_handbook_are_refused_and_kept(desk, words, says):
    contribution = desk.contribution()
    page = sent(desk, contribution, text_en=words)
    assert says in refused(page)
    assert page.context["form"]["text_en"].value() == words
    contribution.refresh_from_db()
    assert contribution.is_open


def test_html_is_shown_as_it_was_typed(desk):
    contribution = desk.contribution()
    words = "<script>alert(1)</script> <b>Words</b>"
    assert sent(desk, contribution, text_en=words).status_code == 302
    address = f"/handbook/{desk.station.slug}/chapters/task/"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk.client.get(address).content.decode()


def test_odd_markdown_is_read_in_a_moment(desk):
    contribution = desk.contribution()
    began = time.monotonic()
    for words in ("> " * 1900 + "x", "[" * 3900, "*a_" * 1300, "1. " * 1300):
        page = desk.client.post(
            desk.at(contribution, "insert"), desk.wording(contribution, text_en=words) | {"act": "look"}
        )
        assert page.status_code in (200, 422)
    assert time.monotonic() - began < 10


def test_what_looks_like_a_person_is_asked_about_first(desk):
    contribution = desk.contribution()
    words = "Speak to Jens Petersen first."
    page = sent(desk, contribution, text_en=words)
    assert "Jens Petersen" in refused(page)
    key = page.context["form"].question_key
    assert sent(desk, contribution, text_en=words, answered=key).status_code == 302


def test_inserting_twice_inserts_once(desk):
    contribution = desk.contribution()
    given = desk.wording(contribution)
    found = [desk.client.post(desk.at(contribution, "insert"), given).status_code for _time in range(2)]
    assert found == [302, 302]
    assert Wording.objects.count() == 1
    assert mails() == [(desk.officer.email, "inserted")]


def test_of_two_editors_the_second_is_told_and_keeps_the_words(desk):
    contribution, (_second, browser) = desk.contribution(), desk.second_editor()
    given = desk.wording(contribution)
    assert desk.client.post(desk.at(contribution, "insert"), given).status_code == 302
    page = browser.post(desk.at(contribution, "insert"), given | {"text_en": "Ida's words."})
    assert page.status_code == 409
    text = page.content.decode()
    assert "Editor Berg inserted it in the handbook meanwhile." in text
    assert "Ida&#x27;s words." in text
    # They can still be put in its place, seeing what it is now.
    given = {"text_en": "Ida's words.", "text_da": "", "seen": page.context["seen"]}
    assert browser.post(desk.at(contribution, "reword"), given).status_code == 302
    assert str(Wording.objects.latest("number")) == "Ida's words."


def test_what_was_answered_meanwhile_is_read_before_it_is_inserted(desk):
    contribution = desk.contribution(under_review=True, is_asked=True)
    given = desk.wording(contribution)
    contribution.steps.create(kind="answered", by=desk.officer, text="On the square.")
    page = desk.client.post(desk.at(contribution, "insert"), given)
    assert page.status_code == 409
    assert "On the square." in page.content.decode()
    again = given | {"seen": page.context["seen"]}
    assert desk.client.post(desk.at(contribution, "insert"), again).status_code == 302


def test_withdrawn_while_the_editor_writes_the_words_are_kept(desk):
    contribution = desk.contribution(text="Sentinel")
    given = desk.wording(contribution)
    withdraw(contribution, by=desk.officer)
    for more in ({}, {"act": "look"}, {"text_en": "# Wrong"}):
        page = desk.client.post(desk.at(contribution, "insert"), given | more)
        assert page.status_code == 409
        text = page.content.decode()
        assert "The contributor has withdrawn it meanwhile." in text
        assert page.context["form"]["text_en"].value() == (given | more)["text_en"]
        assert "Sentinel" not in text
    assert desk.client.get(desk.at(contribution, "insert")).status_code == 404
    assert Wording.objects.count() == 0


def test_a_point_that_left_the_text_needs_another_place(desk):
    contribution = desk.contribution(anchor="task-second")
    desk.publish("Ground.\n\n1. First. {#task-first}")
    page = desk.client.get(desk.at(contribution, "insert"))
    text = " ".join(page.content.decode().split())
    assert "On a point that is no longer in the text (it was point 2 of “Title of task”)" in text
    assert "It said:" in text
    assert "Choose a passage" in text
    contribution = Contribution.objects.get(pk=contribution.pk)
    assert "no longer in the handbook&#x27;s text" in refused(sent(desk, contribution))
    assert "Choose where it stands in the handbook." in refused(sent(desk, contribution, place=""))
    assert sent(desk, contribution, place="task-first").status_code == 302


def test_a_point_that_leaves_the_text_while_the_editor_sends_it_is_refused(desk):
    contribution = desk.contribution(anchor="task-second")
    passage = contribution.passage
    desk.publish("Ground.\n\n1. First. {#task-first}")
    with pytest.raises(PassageGone):
        inserting.insert(contribution, passage, WORDS, by=desk.editor)
    contribution.refresh_from_db()
    assert contribution.is_open


def test_a_renumbered_point_keeps_its_contributions(desk):
    contribution = desk.contribution(anchor="task-first")
    desk.publish("Ground.\n\n1. New. {#task-new}\n2. First. {#task-first}")
    assert sent(desk, contribution).status_code == 302
    contribution.refresh_from_db()
    assert (contribution.passage.anchor, contribution.passage.number) == ("task-first", 2)
    assert kinds(contribution) == ["inserted"]


def test_an_editors_own_contribution_is_said_to_be_one(desk):
    contribution = desk.contribution(author=desk.editor)
    assert (
        "This is your own contribution." in desk.client.get(desk.at(contribution, "insert")).content.decode()
    )
    assert sent(desk, contribution).status_code == 302
    assert mails() == []


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_instant_insert_one_wording(desk):
    contribution, (second, _browser) = desk.contribution(), desk.second_editor()
    found = at_once(
        *(
            lambda user=user: inserting.insert(contribution, contribution.passage, WORDS, by=user)
            for user in (desk.editor, second)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["ActedMeanwhile", "NoneType"]
    assert Wording.objects.count() == 1
    assert kinds(contribution) == ["inserted"]


@pytest.mark.django_db(transaction=True)
def test_inserted_or_withdrawn_at_the_same_instant_it_is_one_of_the_two(desk):
    contribution = desk.contribution()
    found = at_once(
        lambda: inserting.insert(contribution, contribution.passage, WORDS, by=desk.editor),
        lambda: withdraw(contribution, by=desk.officer),
    )
    contribution.refresh_from_db()
    assert [type(one) for one in found].count(ActedMeanwhile) == 1
    assert kinds(contribution) == [contribution.state]
    assert Wording.objects.exists() is (contribution.state == "inserted")


# --- Worded anew ---------------------------------------------------------------------------------


def test_worded_anew_the_newest_is_read_and_the_earlier_one_stays(desk):
    contribution = desk.contribution(inserted=True)
    page = desk.client.get(desk.at(contribution, "reword"))
    assert page.context["form"]["text_en"].value() == OWN_WORDS
    assert sent(desk, contribution, "reword", text_en="Other words.").status_code == 302
    assert list(contribution.wordings.values_list("number", "text_en")) == [
        (2, "Other words."),
        (1, OWN_WORDS),
    ]
    assert kinds(contribution) == ["reworded"]
    assert mails() == [(desk.officer.email, "reworded")]
    assert "Other words." in desk.client.get(f"/handbook/{desk.station.slug}/chapters/task/").content.decode()


def test_the_same_words_again_change_nothing(desk):
    contribution = desk.contribution(inserted=True)
    assert sent(desk, contribution, "reword", text_en=OWN_WORDS).status_code == 302
    assert (contribution.wordings.count(), kinds(contribution), mails()) == (1, [], [])


def test_of_two_who_word_it_anew_the_second_reads_what_it_is_now(desk):
    contribution, (_second, browser) = desk.contribution(inserted=True), desk.second_editor()
    given = desk.wording(contribution, text_en="Editor's words.")
    assert desk.client.post(desk.at(contribution, "reword"), given).status_code == 302
    page = browser.post(desk.at(contribution, "reword"), given | {"text_en": "Ida's words."})
    assert page.status_code == 409
    text = page.content.decode()
    assert "Editor Berg worded it anew meanwhile." in text
    assert "Editor&#x27;s words." in text
    assert "Ida&#x27;s words." in text
    assert contribution.wordings.count() == 2
    again = given | {"text_en": "Ida's words.", "seen": page.context["seen"]}
    assert browser.post(desk.at(contribution, "reword"), again).status_code == 302
    assert contribution.wordings.count() == 3


def test_what_was_taken_out_meanwhile_is_not_worded_anew(desk):
    contribution = desk.contribution(inserted=True)
    given = desk.wording(contribution, text_en="Other words.")
    Contribution.objects.filter(pk=contribution.pk).update(state="taken_out")
    page = desk.client.post(desk.at(contribution, "reword"), given)
    assert page.status_code == 409
    assert "Other words." in page.content.decode()
    with pytest.raises(ActedMeanwhile):
        rewording.reword(contribution, WORDS, by=desk.editor)


def test_the_database_keeps_a_wording_that_readers_had(desk):
    wording = desk.contribution(inserted=True).wording
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Wording.objects.filter(pk=wording.pk).update(text_en="Other words.")
    with pytest.raises(IntegrityError), transaction.atomic():
        wording.contribution.wordings.create(number=2, written_by=desk.editor)


# --- Of a period ---------------------------------------------------------------------------------


def test_of_a_period_is_what_was_inserted_in_it_and_still_stands(desk):
    start = timezone.now() - datetime.timedelta(days=30)
    end = start + datetime.timedelta(days=10)
    second = datetime.timedelta(seconds=1)
    desk.contribution(inserted=True, text="Too early.", decided_at=start - second)
    first = desk.contribution(anchor="task-second", inserted=True, text="First.", decided_at=start)
    last = desk.contribution(inserted=True, text="Last.", decided_at=end - second)
    desk.contribution(inserted=True, text="Too late.", decided_at=end)
    desk.contribution(state="taken_out", text="Gone.", decided_at=start + second)
    desk.contribution(state="declined", text="Never.", decided_at=start + second)
    rewording.reword(last, {"en": "Other words.", "da": ""}, by=desk.editor)
    # In the order of the handbook.
    assert list(inserted_between(desk.station, start, end)) == [last, first]
    assert list(inserted_between(ChapterFactory().station, start, end)) == []


# --- Fixed ground does not grow


def test_what_is_contributed_to_a_fixed_chapter_is_inserted_in_another(desk):
    fixed = ChapterFactory(station=desk.station, slug="strategy", fixed=True)
    contribution = desk.contribution(passage=fixed.passages.get(position=0))
    page = desk.client.get(desk.at(contribution, "insert"))
    assert "does not grow by contributions" in page.content.decode()
    assert "strategy" not in page.context["form"].passages
    refused(sent(desk, contribution, place="strategy", text_en=WORDS["en"]))
    assert sent(desk, contribution, place="task-first", text_en=WORDS["en"]).status_code == 302
    contribution.refresh_from_db()
    assert contribution.passage.anchor == "task-first"


def test_nobody_inserts_in_a_fixed_chapter_past_the_form(desk):
    fixed = ChapterFactory(station=desk.station, slug="strategy", fixed=True)
    contribution = desk.contribution(passage=fixed.passages.get(position=0))
    with pytest.raises(PassageGone):
        inserting.insert(contribution, contribution.passage, WORDS, by=desk.editor)
    with pytest.raises(IntegrityError, match="does not grow"), transaction.atomic():
        Contribution.objects.update(state=Contribution.State.INSERTED, decided_at=timezone.now())
