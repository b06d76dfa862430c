"""The handbook as it is read: where one is led to, the contents, a chapter with what stands below its passages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from handbook.chapters.publishing import publish
from handbook.models import Chapter, LastRead, Passage
from handbook.reading import page as pages
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    LiaisonFactory,
    OfficerFactory,
    ReadingRequestFactory,
    RevisionFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    days_ago,
    head_of,
)

pytestmark = pytest.mark.django_db

POINTS = """Ground of <b>the</b> chapter.

## How it is done {#done}

7. Keep a log. {#log}
8. Go *on foot*, as [the strategy](#elsewhere) and [the log](#log) say. {#foot}

After the list."""


@pytest.fixture
def sector():
    return SectorFactory(district__station__name="Bellahøj", district__station__slug="bellahoej")


@pytest.fixture
def station(sector):
    return sector.station


@pytest.fixture
def officer(sector):
    user = UserFactory(name="Nanna")
    AssignmentFactory(officer=OfficerFactory(station=sector.station, user=user), sector=sector)
    return user


@pytest.fixture
def reader(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def chapter(station):
    return ChapterFactory(station=station, slug="task", position=4, body=POINTS)


def place(station, *rest):
    return "/".join(["/handbook", station.slug, *rest, ""])


def text_of(response):
    return " ".join(response.content.decode().split())


def change(chapter, body, **more):
    revision = RevisionFactory.build(
        chapter=chapter,
        number=chapter.revisions.count() + 1,
        written_by=UserFactory(name="Signe"),
        body_en=body,
        **more,
    )
    publish(revision)
    return revision


# --- Where one is led to


def test_who_reads_one_handbook_is_led_to_its_contents(reader, chapter, station):
    assert reader.get("/handbook/").headers["Location"] == place(station)


def test_a_reviewer_chooses_among_all_stations(client, chapter):
    StationFactory(name="Other station")
    client.force_login(StaffRoleFactory(role="reviewer", station=None).user)
    text = text_of(client.get("/handbook/"))
    assert "Read the handbook of Bellahøj" in text
    assert "Other station" in text
    assert "Its editor begins it." in text


@pytest.mark.parametrize("address", ["/handbook/", "/handbook/bellahoej/"])
def test_where_no_handbook_has_begun_only_the_editor_gets_the_button(client, station, officer, address):
    begin = reverse("handbook:handbook_begin", args=[station.slug])
    client.force_login(officer)
    text = text_of(client.get(address))
    assert "This station has no handbook yet. Its editor begins it." in text
    assert begin not in text
    client.force_login(StaffRoleFactory(role="editor", station=station).user)
    assert f'action="{begin}"' in text_of(client.get(address))


def test_a_units_contact_reads_and_who_only_administers_does_not(client, chapter, sector):
    client.force_login(LiaisonFactory(sector=sector).user)
    assert client.get("/handbook/").status_code == 302
    assert client.get(place(sector.station)).status_code == 200
    client.force_login(StaffRoleFactory(role="administrator", station=None).user)
    assert client.get("/handbook/").status_code == 404
    assert client.get(place(sector.station)).status_code == 404
    assert client.get("/handbook/at/log/").status_code == 404


def test_an_anchor_leads_to_the_chapter_that_has_it(reader, chapter, station):
    target = f"{place(station, 'chapters', 'task')}#log"
    assert reader.get("/handbook/at/log/").headers["Location"] == target
    assert reader.get(place(station, "at", "log")).headers["Location"] == target


def test_of_several_handbooks_that_of_ones_own_sectors_comes_first(reader, chapter, station, officer):
    other = ChapterFactory(station=StationFactory(name="A station", slug="a"), slug="first", body=POINTS)
    StaffRoleFactory(role="analyst", station=other.station, user=officer)
    assert reader.get("/handbook/at/log/").headers["Location"].startswith(place(station))


def test_an_anchor_that_has_left_the_text_says_so_on_the_contents(reader, chapter, station):
    change(chapter, "Nothing but ground.")
    for address in ("/handbook/at/log/", place(station, "at", "log")):
        response = reader.get(address, follow=True)
        assert response.redirect_chain[-1][0] == place(station)
        assert "Your station&#x27;s handbook has no such point any more." in text_of(response)


def test_an_anchor_that_has_left_the_text_is_found_by_the_practice_that_stays(reader, chapter, station):
    kept = ContributionFactory(
        passage=chapter.passages.get(anchor="log"), inserted=True, wording="Stays here."
    )
    change(chapter, "Nothing but ground.")
    response = reader.get("/handbook/at/log/", follow=True)
    assert response.redirect_chain[-1][0] == f"{place(station, 'chapters', 'task')}#log"
    text = text_of(response)
    assert "Practice from points that are no longer in the text" in text
    assert 'id="log"' in text
    assert f'id="contribution-{kept.uuid}"' in text


def test_an_anchor_that_never_was_is_not_found_in_ones_own_words(reader, chapter, station):
    ChapterFactory(station=StationFactory(), slug="secret", body="Foreign. \n\n## H {#foreign}")
    for address in ("/handbook/at/foreign/", "/handbook/at/nothing/", place(station, "at", "foreign")):
        response = reader.get(address)
        assert response.status_code == 404
        assert "has no such point" in text_of(response)


def test_a_chapter_that_was_left_out_leads_to_the_contents(reader, chapter, station):
    Chapter.objects.update(left_out_at=timezone.now())
    response = reader.get(place(station, "chapters", "task"), follow=True)
    assert response.redirect_chain[-1][0] == place(station)
    assert "This chapter is not in the handbook any more." in text_of(response)
    assert reader.get("/handbook/at/log/").headers["Location"] == place(station)


def test_a_foreign_handbook_is_not_found(reader):
    foreign = ChapterFactory(station=StationFactory(), slug="theirs")
    for rest in ((), ("chapters", "theirs"), ("at", "theirs"), ("search",)):
        assert reader.get(place(foreign.station, *rest)).status_code == 404
    for rest in (("read",), ("chapters", "theirs", "read")):
        assert reader.post(place(foreign.station, *rest)).status_code == 404
    assert not LastRead.objects.exists()


# --- The contents


def test_the_contents_number_the_chapters_and_show_what_is_in_them(reader, chapter, station):
    ChapterFactory(station=station, slug="ground", position=2, fixed=True, body="Fixed words.")
    ChapterFactory(station=station, slug="gone", position=3, left_out_at=timezone.now())
    ChapterFactory(station=station, slug="unwritten", position=9, body="")
    text = text_of(reader.get(place(station)))
    numbers = re.findall(r'<b class="chapter-number">(\d)</b>', text)
    assert numbers == ["1", "2", "3"]
    assert (
        text.index("Title of ground")
        < text.index("Title of task")
        < text.index("Chapter 3 has no text in force")
    )
    assert text.index("Fixed ground") < text.index("Growing practice")
    assert f'href="{place(station, "chapters", "task")}#done"' in text
    assert "2 points" in text
    assert "Title of gone" not in text


def test_the_contents_lead_each_reader_to_what_they_may(client, chapter, station, officer):
    editor = StaffRoleFactory(role="editor", station=station).user
    reviewer = StaffRoleFactory(role="reviewer", station=None).user
    names = ("contribution_mine", "contribution_list", "handbook_editing", "booklet")
    shown = {}
    for who, user in {"O": officer, "H": editor, "S": head_of(station), "V": reviewer}.items():
        client.force_login(user)
        text = text_of(client.get(place(station)))
        shown[who] = [
            name for name in names if f'"{reverse(f"handbook:{name}", args=[station.slug])}"' in text
        ]
    assert shown == {
        "O": ["contribution_mine", "booklet"],
        "H": ["contribution_list", "handbook_editing", "booklet"],
        "S": ["contribution_mine", "handbook_editing", "booklet"],
        "V": ["contribution_list", "booklet"],
    }


def test_the_contents_ask_to_confirm_what_is_asked_and_name_its_chapter(reader, chapter, station):
    ReadingRequestFactory(passage=chapter.passages.get(anchor="log"))
    for page in (place(station), "/log/"):
        text = text_of(reader.get(page))
        assert re.search(
            r"7\. <span>Keep a log.*?</span> </strong> <small> <span>Title of task</span> · asked", text
        )
    assert "Confirm that you have read 1 point" in text_of(reader.get(place(station)))


def test_what_is_new_names_its_chapter(reader, chapter, station, officer):
    LastRead.objects.create(user=officer, chapter=chapter, at=timezone.now())
    ChapterFactory(station=station, slug="other", position=1)
    change(chapter, POINTS.replace("Keep a log", "Keep it").replace("How it is done", "How"))
    text = text_of(reader.get(place(station)))
    assert len(re.findall(r"<small> <span>Title of task</span> · text changed", text)) == 2
    assert "Title of other</span> ·" not in text
    chapter_text = text_of(reader.get(place(station, "chapters", "task")))
    assert re.search(r'<h2 id="done">How <span class="new-mark" lang="en">New</span> ?</h2>', chapter_text)


def test_the_contents_lead_officers_to_contribute_to_a_chapter_that_grows(client, chapter, station, officer):
    ChapterFactory(station=station, slug="ground", position=2, fixed=True)
    client.force_login(officer)
    text = text_of(client.get(place(station)))
    assert f'href="{place(station, "contribute", "task")}">Contribute to “Title of task”</a>' in text
    assert place(station, "contribute", "ground") not in text
    client.force_login(StaffRoleFactory(role="reviewer", station=None).user)
    assert "/contribute/" not in text_of(client.get(place(station)))


def test_the_contents_cost_no_more_with_many_chapters(reader, station, django_assert_max_num_queries):
    for count in range(12):
        made = ChapterFactory(station=station, slug=f"c{count}", position=count + 1)
        ContributionFactory.create_batch(3, passage=made.passages.last(), inserted=True)
    for made in Chapter.objects.all():
        LastRead.objects.create(user_id=reader.session["_auth_user_id"], chapter=made, at=days_ago(3))
    with django_assert_max_num_queries(12):
        assert "12 new" not in text_of(reader.get(place(station)))


# --- A chapter


def test_a_chapter_shows_its_text_with_its_numbers_and_anchors(reader, chapter, station):
    text = text_of(reader.get(place(station, "chapters", "task")))
    assert '<h1 id="task"' in text
    assert "&lt;b&gt;the&lt;/b&gt;" in text
    assert '<h2 id="done">How it is done</h2>' in text
    assert re.findall(r'<li value="(\d)" id="(\w+)"', text) == [("7", "log"), ("8", "foot")]
    assert "<em>on foot</em>" in text
    assert text.index("Keep a log") < text.index("on foot") < text.index("After the list.")


def test_links_in_the_text_lead_to_the_passages_wherever_they_are(reader, chapter, station):
    text = text_of(reader.get(place(station, "chapters", "task")))
    assert f'<a href="{place(station, "at", "elsewhere")}">the strategy</a>' in text
    assert '<a href="#log">the log</a>' in text
    danish = text_of(reader.get(f"/da{place(station, 'chapters', 'task')}"))
    assert f'<a href="/da{place(station, "at", "elsewhere")}">the strategy</a>' in danish


def test_each_passage_has_an_address_that_stays(reader, chapter, station):
    text = text_of(reader.get(place(station, "chapters", "task")))
    for anchor in ("task", "done", "log", "foot"):
        assert f'class="passage-address" href="{place(station, "at", anchor)}"' in text


def test_a_chapter_says_who_wrote_it_and_when(reader, chapter, station):
    change(chapter, "Newer.")
    text = text_of(reader.get(place(station, "chapters", "task")))
    assert f"Text by Signe, in force since {timezone.localdate():%-d %B %Y}." in text
    assert "has agreed to it" not in text
    assert reverse("handbook:chapter_history", args=[station.slug, "task"]) in text


def test_only_the_editor_is_offered_to_change_the_text(client, chapter, station, officer):
    change_it = reverse("handbook:revision_update", args=[station.slug, "task"])
    client.force_login(officer)
    assert change_it not in text_of(client.get(place(station, "chapters", "task")))
    client.force_login(StaffRoleFactory(role="editor", station=station).user)
    assert change_it in text_of(client.get(place(station, "chapters", "task")))


def test_a_text_in_one_language_is_marked_for_who_reads_the_other(reader, chapter, station):
    english = text_of(reader.get(place(station, "chapters", "task")))
    assert ("Only in English" in english, 'lang="en">' in english.split("<body>")[1]) == (False, False)
    danish = text_of(reader.get(f"/da{place(station, 'chapters', 'task')}"))
    words = danish.split("<article")[1]
    assert '<div class="point-words" lang="en">' in words
    change(chapter, POINTS, body_da="Kun grund.", title_da="Titel")
    danish = text_of(reader.get(f"/da{place(station, 'chapters', 'task')}"))
    assert "Kun grund." in danish
    assert 'lang="en"' not in danish.split("<article")[1]


def test_practice_stands_below_its_passage_the_newest_first_and_more_than_three_unfold(
    reader, chapter, station
):
    log = chapter.passages.get(anchor="log")
    for age in (5, 4, 3, 2, 1):
        ContributionFactory(passage=log, inserted=True, wording=f"Practice {age}.", decided_at=days_ago(age))
    ContributionFactory(passage=log, text="Not decided.")
    text = text_of(reader.get(place(station, "chapters", "task")))
    places = [text.index(f"Practice {age}.") for age in (1, 2, 3)]
    unfolds = text.index("2 earlier contributions")
    assert text.index('id="log"') < places[0] < places[1] < places[2] < unfolds
    assert unfolds < text.index("Practice 4.") < text.index("Practice 5.") < text.index('id="foot"')
    assert "Not decided." not in text


def test_the_contributions_on_the_page_are_noted_as_read(reader, chapter, station, officer):
    reader.get(place(station, "chapters", "task"))
    assert not ReadEntry.objects.filter(subject="handbook.contribution").exists()
    shown = ContributionFactory(passage=chapter.passages.get(anchor="log"), inserted=True)
    reader.get(place(station, "chapters", "task"))
    entry = ReadEntry.objects.get(subject="handbook.contribution")
    assert entry.actor == officer.email
    assert entry.keys == [f"handbook.contribution:{shown.pk}"]


def test_a_passage_that_is_to_be_confirmed_has_the_button(reader, chapter, station):
    asked = ReadingRequestFactory(passage=chapter.passages.get(anchor="log"))
    text = text_of(reader.get(place(station, "chapters", "task")))
    assert reverse("handbook:request_confirm", args=[asked.uuid]) in text


def test_the_chapters_before_and_after_are_linked_but_none_without_a_text(reader, chapter, station):
    ChapterFactory(station=station, slug="before", position=3)
    ChapterFactory(station=station, slug="unwritten", position=5, body="")
    ChapterFactory(station=station, slug="after", position=6)
    text = text_of(reader.get(place(station, "chapters", "task")))
    assert f'rel="prev" href="{place(station, "chapters", "before")}"' in text
    assert f'rel="next" href="{place(station, "chapters", "after")}"' in text
    assert 'rel="next"' not in text_of(reader.get(place(station, "chapters", "after")))


def test_a_chapter_without_a_text_says_so(reader, station):
    ChapterFactory(station=station, slug="unwritten", position=1, body="")
    response = reader.get(place(station, "chapters", "unwritten"))
    assert response.status_code == 200
    assert "Chapter 1 has no text in force yet." in text_of(response)


def test_a_chapter_costs_no_more_with_much_practice(reader, chapter, station, django_assert_max_num_queries):
    for passage in Passage.objects.all():
        ContributionFactory.create_batch(4, passage=passage, inserted=True)
        ReadingRequestFactory(passage=passage)
    with django_assert_max_num_queries(22):
        reader.get(place(station, "chapters", "task"))


def test_a_text_is_rendered_once_for_each_language_of_the_page(reader, chapter, station):
    pages.pieces.cache_clear()
    for address in (place(station, "chapters", "task"), f"/da{place(station, 'chapters', 'task')}"):
        reader.get(address)
        reader.get(address)
    found = pages.pieces.cache_info()
    assert (found.misses, found.hits) == (2, 2)
    change(chapter, "Newer ground.")
    assert "Newer ground." in text_of(reader.get(place(station, "chapters", "task")))
