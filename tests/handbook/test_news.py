"""What is new to a reader since they last said that they had read a chapter."""

import datetime

import pytest
from django.utils import timezone

from handbook.chapters.publishing import publish
from handbook.models import LastRead, Wording
from handbook.reading import news
from tests.factories import (
    ChapterFactory,
    ContributionFactory,
    RevisionFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db

BODY = "Ground.\n\n1. First{}. {{#first}}\n2. Second. {{#second}}"


@pytest.fixture
def station():
    return StationFactory(slug="station")


@pytest.fixture
def reader(station):
    return StaffRoleFactory(role="analyst", station=station).user


@pytest.fixture
def chapter(station):
    return ChapterFactory(station=station, slug="task", position=1, body=BODY.format(""))


def change(chapter, body, now=None):
    number = chapter.revisions.count() + 1
    publish(
        RevisionFactory.build(chapter=chapter, number=number, written_by=UserFactory(), body_en=body), now=now
    )


def news_of(user, station):
    return [
        (one.passage.anchor, one.is_changed, one.has_practice) for one in news.new_passages(user, station)
    ]


def test_a_chapter_that_was_never_read_has_no_single_news(reader, station, chapter):
    change(chapter, BODY.format(" of all"))
    assert news_of(reader, station) == []


def test_what_changed_after_reading_is_new_and_nothing_else(reader, station, chapter):
    news.mark_read(reader, [chapter], timezone.now())
    assert news_of(reader, station) == []
    change(chapter, BODY.format(" of all"))
    assert news_of(reader, station) == [("first", True, False)]
    news.mark_read(reader, [chapter], timezone.now())
    assert news_of(reader, station) == []


def test_a_point_that_is_only_renumbered_is_not_new(reader, station, chapter):
    news.mark_read(reader, [chapter], timezone.now())
    change(chapter, "Ground.\n\n1. Before. {#before}\n2. First. {#first}\n3. Second. {#second}")
    assert news_of(reader, station) == [("before", True, False)]


def test_practice_is_new_when_it_is_inserted_and_when_it_is_worded_anew(reader, station, chapter):
    news.mark_read(reader, [chapter], timezone.now())
    second = chapter.passages.get(anchor="second")
    ContributionFactory(passage=second, text="Not yet decided.")
    assert news_of(reader, station) == []
    inserted = ContributionFactory(passage=second, inserted=True)
    assert news_of(reader, station) == [("second", False, True)]
    news.mark_read(reader, [chapter], timezone.now())
    assert news_of(reader, station) == []
    Wording.objects.create(contribution=inserted, number=2, text_en="Better.", written_by=UserFactory())
    assert news_of(reader, station) == [("second", False, True)]


def test_what_was_taken_out_is_not_new(reader, station, chapter):
    news.mark_read(reader, [chapter], timezone.now())
    inserted = ContributionFactory(passage=chapter.passages.get(anchor="second"), inserted=True)
    type(inserted).objects.filter(pk=inserted.pk).update(state="taken_out")
    assert news_of(reader, station) == []


def test_each_reader_has_their_own_news_of_their_own_station(reader, station, chapter):
    colleague = StaffRoleFactory(role="analyst", station=station).user
    news.mark_read(reader, [chapter], timezone.now())
    change(chapter, BODY.format(" of all"))
    assert news_of(colleague, station) == []
    assert news_of(reader, StationFactory()) == []
    assert len(news_of(reader, station)) == 1


def test_an_earlier_instant_takes_nothing_back(reader, chapter):
    now = timezone.now()
    news.mark_read(reader, [chapter], now)
    news.mark_read(reader, [chapter], now - datetime.timedelta(days=1))
    assert LastRead.objects.get().at == now


def test_news_come_in_one_query(reader, station, chapter, django_assert_num_queries):
    for place in range(2, 6):
        ChapterFactory(station=station, slug=f"c{place}", position=place)
    news.mark_read(reader, list(station.chapters.all()), days_ago(2))
    with django_assert_num_queries(1):
        assert len([one.passage.chapter.slug for one in news.new_passages(reader, station)]) == 19


# --- On the pages


def test_a_chapter_is_marked_as_read_with_one_tap_and_shows_what_is_new_afterwards(client, reader, chapter):
    client.force_login(reader)
    page = "/handbook/station/chapters/task/"
    assert "new-mark" not in client.get(page).content.decode()
    answer = client.post(f"{page}read/", {"seen": timezone.now().isoformat()})
    assert answer.headers["Location"] == "/handbook/station/"
    assert "nothing has changed since" in client.get(page).content.decode()
    change(chapter, BODY.format(" of all"))
    text = client.get(page).content.decode()
    new, first = text.rindex("new-mark"), text.index('id="first"')
    assert first < new < text.index('id="second"')


def test_what_changed_while_the_page_was_open_stays_new(client, reader, station, chapter):
    client.force_login(reader)
    seen = client.get("/handbook/station/chapters/task/").context["now"]
    change(chapter, BODY.format(" of all"))
    client.post("/handbook/station/chapters/task/read/", {"seen": seen})
    assert news_of(reader, station) == [("first", True, False)]


def test_all_is_marked_as_read_from_the_contents_as_it_stood_there(client, reader, station, chapter):
    other = ChapterFactory(station=station, slug="other", position=2)
    ChapterFactory(station=station, slug="unwritten", position=3, body="")
    client.force_login(reader)
    seen = client.get("/handbook/station/").context["now"]
    change(other, "Changed meanwhile.")
    client.post("/handbook/station/read/", {"seen": seen})
    assert set(LastRead.objects.values_list("chapter__slug", flat=True)) == {"task", "other"}
    assert news_of(reader, station) == [("other", True, False)]
    text = client.get("/handbook/station/").content.decode()
    assert "1 new" in text
    assert "text changed" in text


@pytest.mark.parametrize(
    "seen", ["", "yesterday", "2026-02-30T10:00:00+00:00", "2026-01-01T10:00", "3026-01-01T10:00:00Z"]
)
def test_a_page_that_does_not_tell_when_it_was_made_counts_as_made_now(client, reader, chapter, seen):
    client.force_login(reader)
    before = timezone.now()
    assert client.post("/handbook/station/chapters/task/read/", {"seen": seen}).status_code == 302
    assert before <= LastRead.objects.get().at <= timezone.now()


def test_reading_is_not_marked_by_looking(client, reader, chapter):
    client.force_login(reader)
    assert client.get("/handbook/station/chapters/task/read/").status_code == 405
    assert client.get("/handbook/station/read/").status_code == 405
    assert not LastRead.objects.exists()
