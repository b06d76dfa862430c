"""An editor asks, officers confirm with one tap, heads see who has: by rights, dates and what changes meanwhile."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from handbook.chapters import order
from handbook.chapters.publishing import publish
from handbook.models import Confirmation, ReadingRequest
from handbook.reading import confirming
from notifications.models import Notification
from officers import appointment
from officers.models import Assignment
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ChapterFactory,
    CoverFactory,
    DistrictFactory,
    OfficerFactory,
    ReadingRequestFactory,
    RevisionFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    between,
    division_of,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

ASKED = "handbook.reading_asked"


@pytest.fixture
def sector():
    return SectorFactory(name="Bellahøj", number=4, district__name="North")


@pytest.fixture
def station(sector):
    return sector.station


@pytest.fixture
def chapter(station):
    return ChapterFactory(station=station, slug="task")


@pytest.fixture
def point(chapter):
    return chapter.passages.get(anchor="task-second")


@pytest.fixture
def editor(station):
    return StaffRoleFactory(editor=True, station=station, user=UserFactory()).user


@pytest.fixture
def officer(sector):
    return works_in(sector, "Nanna Nielsen")


def works_in(sector, name, **terms):
    """Return the account of an officer of this name who is appointed to the sector."""
    officer = OfficerFactory(station=sector.station, user=UserFactory(), name=name)
    AssignmentFactory(sector=sector, officer=officer, **{"role": Assignment.Role.ATTACHED} | terms)
    return officer.user


def change(chapter):
    """Publish another text for the second point, and nothing else."""
    slug = chapter.slug
    points = f"1. First. {{#{slug}-first}}\n2. Another second. {{#{slug}-second}}"
    publish(
        RevisionFactory(chapter=chapter, body_en=f"Ground.\n\n## Practice {{#{slug}-practice}}\n\n{points}")
    )


def leave(chapter):
    """Publish a text without the second point."""
    publish(RevisionFactory(chapter=chapter, body_en="Ground."))


def asked_about(point, **more):
    return ReadingRequestFactory(passage=point, **more)


def post(client, user, route, *named, **sent):
    client.force_login(user)
    return client.post(reverse(f"handbook:{route}", args=named), sent)


def page(client, user, route, *named):
    client.force_login(user)
    response = client.get(reverse(f"handbook:{route}", args=named))
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def told():
    return list(Notification.objects.filter(event=ASKED).order_by("pk"))


# --- Asking


def test_an_editor_asks_and_each_officer_is_told_once_with_a_link_alone(
    client, sector, editor, officer, point
):
    AssignmentFactory(
        sector=SectorFactory(district=sector.district),
        officer=officer.officer,
        role=Assignment.Role.ATTACHED,
    )
    colleague = works_in(sector, "Bo Berg")
    answer = post(client, editor, "request_create", point.station.slug, point.anchor)
    assert answer.url == reverse("handbook:passage_detail", args=[point.station.slug, point.anchor])
    made = ReadingRequest.objects.get()
    assert (made.passage, made.revision, made.asked_by) == (point, point.chapter.text, editor)
    assert {row.recipient for row in told()} == {officer, colleague}
    assert len(told()) == 2
    assert told()[0].context == {"path": answer.url, "request": str(made.uuid)}


def test_who_is_not_appointed_now_or_cannot_log_in_is_not_told(client, sector, editor, point):
    works_in(sector, "Ended", period=between(days=(-9, -1)))
    works_in(sector, "Coming", period=between(days=(1, 9)))
    off = works_in(sector, "Off")
    off.is_active = False
    off.save()
    AssignmentFactory(sector=sector, officer=OfficerFactory(station=sector.station, user=None))
    works_in(SectorFactory(), "Elsewhere")
    post(client, editor, "request_create", point.station.slug, point.anchor)
    assert told() == []


def test_who_asks_twice_asks_once(client, editor, officer, point):
    for _time in range(2):
        assert post(client, editor, "request_create", point.station.slug, point.anchor).status_code == 302
    assert ReadingRequest.objects.count() == len(told()) == 1


def test_after_a_change_it_is_ended_and_asked_anew_in_one_act(client, editor, officer, chapter, point):
    first = asked_about(point)
    confirming.confirm(first, officer)
    assert "End it and ask anew" not in page(client, editor, "request_detail", first.uuid)
    change(chapter)
    assert "End it and ask anew" in page(client, editor, "request_detail", first.uuid)
    where = (point.station.slug, point.anchor)
    assert post(client, editor, "request_create", *where, instead_of=first.uuid).status_code == 302
    first.refresh_from_db()
    anew = ReadingRequest.objects.open().get()
    assert first.ended_at is not None
    assert anew.revision == chapter.revisions.in_force().get() != first.revision
    assert list(confirming.open_requests_for(officer)) == [anew]
    assert first.confirmations.count() == 1
    # Sent again, or by another editor: the one before has ended.
    assert post(client, editor, "request_create", *where, instead_of=first.uuid).status_code == 409
    assert ReadingRequest.objects.open().get() == anew


def test_an_unchanged_passage_is_not_asked_about_anew(client, editor, point):
    first = asked_about(point)
    where = (point.station.slug, point.anchor)
    answer = post(client, editor, "request_create", *where, instead_of=first.uuid)
    assert answer.status_code == 409
    assert "the text has not changed" in answer.content.decode()
    assert ReadingRequest.objects.get().ended_at is None


@pytest.mark.parametrize("typed", ["x", "\x00", "7" * 9000])
def test_asking_anew_instead_of_nonsense_is_refused(client, editor, point, typed):
    asked_about(point)
    answer = post(client, editor, "request_create", point.station.slug, point.anchor, instead_of=typed)
    assert answer.status_code == 409


def test_a_passage_that_has_left_is_not_asked_about(client, editor, chapter, point):
    leave(chapter)
    answer = post(client, editor, "request_create", point.station.slug, point.anchor)
    assert answer.status_code == 409
    assert "has left the handbook" in answer.content.decode()
    assert not ReadingRequest.objects.exists()


def test_the_editor_ends_it_and_mails_that_have_not_left_are_taken_back(client, editor, officer, point):
    asked, _new = confirming.ask(point, by=editor)
    assert len(told()) == 1
    assert post(client, editor, "request_end", asked.uuid).status_code == 302
    assert ReadingRequest.objects.get().ended_at is not None
    assert told() == []
    assert not confirming.open_requests_for(officer).exists()
    assert post(client, editor, "request_end", asked.uuid).status_code == 409


@pytest.mark.usefixtures("officer")
def test_mails_that_have_not_left_are_taken_back_when_the_chapter_is_left_out(editor, chapter, point):
    confirming.ask(point, by=editor)
    assert len(told()) == 1
    order.leave_out(chapter)
    assert told() == []


@pytest.mark.parametrize("route", ["request_create", "request_end"])
def test_neither_head_nor_officer_asks_or_ends(client, station, officer, point, route):
    asked = asked_about(point)
    named = (station.slug, point.anchor) if route == "request_create" else (asked.uuid,)
    for user in (officer, head_of(station)):
        assert post(client, user, route, *named).status_code == 404
    assert ReadingRequest.objects.get().ended_at is None


# --- Confirming


def test_one_tap_confirms_and_twice_is_once(client, officer, point):
    asked = asked_about(point)
    for _time in range(2):
        answer = post(client, officer, "request_confirm", asked.uuid)
        assert answer.url == reverse("handbook:passage_detail", args=[point.station.slug, point.anchor])
    assert Confirmation.objects.get().user == officer
    assert not confirming.open_requests_for(officer).exists()


def test_what_an_editor_ended_meanwhile_is_confirmed_no_more(client, officer, point):
    asked = asked_about(point, asked_at=timezone.now() - datetime.timedelta(days=1))
    confirming.end(asked)
    answer = post(client, officer, "request_confirm", asked.uuid)
    assert answer.status_code == 409
    assert "An editor ended this meanwhile" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_what_has_left_the_handbook_is_confirmed_no_more(client, officer, chapter, point):
    asked = asked_about(point)
    assert confirming.open_requests_for(officer).exists()
    leave(chapter)
    assert post(client, officer, "request_confirm", asked.uuid).status_code == 409
    assert not confirming.open_requests_for(officer).exists()


def test_who_covers_confirms_and_is_not_counted(client, sector, station, point):
    stand_in = OfficerFactory(station=station, user=UserFactory())
    responsible = AssignmentFactory(sector=sector, officer__user=UserFactory())
    absence = AbsenceFactory(officer=responsible.officer)
    CoverFactory(absence=absence, sector=sector, officer=stand_in)
    asked = asked_about(point)
    assert list(confirming.open_requests_for(stand_in.user)) == [asked]
    assert post(client, stand_in.user, "request_confirm", asked.uuid).status_code == 302
    assert "0 of 1 officers" in page(client, head_of(station), "request_detail", asked.uuid)


def test_heads_confirm_and_are_not_missed(client, station, officer, point):
    asked, head = asked_about(point), head_of(station)
    assert "0 of 1 officers" in page(client, head, "request_detail", asked.uuid)
    assert list(confirming.open_requests_for(head)) == [asked]
    assert post(client, head, "request_confirm", asked.uuid).status_code == 302
    assert "0 of 1 officers" in page(client, head, "request_detail", asked.uuid)


def test_who_edits_alone_or_works_elsewhere_is_not_asked(client, editor, point):
    asked, stranger = asked_about(point), works_in(SectorFactory(), "Elsewhere")
    for user in (editor, stranger):
        assert not confirming.open_requests_for(user).exists()
        assert post(client, user, "request_confirm", asked.uuid).status_code == 404
    assert not Confirmation.objects.exists()


def test_what_is_to_be_confirmed_is_asked_for_in_one_query(officer, chapter, django_assert_num_queries):
    for passage in chapter.passages.all():
        asked_about(passage)
    assert officer.standing
    with django_assert_num_queries(1):
        found = [one.passage.station.slug for one in confirming.open_requests_for(officer)]
    assert len(found) == 4


def test_a_chapter_knows_its_requests_and_who_is_asked_in_one_query(
    officer, editor, chapter, point, django_assert_num_queries
):
    asked = asked_about(point, asked_at=timezone.now() - datetime.timedelta(days=1))
    asked_about(chapter.passages.get(position=0))
    confirmed_at = confirming.confirm(asked, officer).at
    assert officer.standing
    assert editor.standing
    with django_assert_num_queries(2):
        for_officer = confirming.requests_at(chapter, officer)
        for_editor = confirming.requests_at(chapter, editor)
    assert for_officer[point.pk].confirmed_at == confirmed_at
    assert for_officer[chapter.passages.get(position=0).pk].confirmed_at is None
    assert all(one.is_for_reader for one in for_officer.values())
    assert not any(one.is_for_reader or one.confirmed_at for one in for_editor.values())
    confirming.end(asked)
    assert point.pk not in confirming.requests_at(chapter, officer)


def test_below_a_text_that_changed_since_the_reader_is_told(client, station, officer, chapter, point):
    asked, named = asked_about(point), (station.slug, chapter.slug)
    assert "I have read this" in page(client, officer, "chapter_detail", *named)
    confirming.confirm(asked, officer)
    text = page(client, officer, "chapter_detail", *named)
    assert "You confirmed on" in text
    assert "I have read this" not in text
    assert "The text has changed since then." not in text
    change(chapter)
    assert "The text has changed since then." in page(client, officer, "chapter_detail", *named)


# --- Who has


@pytest.fixture
def three(sector, officer, point):
    """A request that one of two officers of the north has confirmed, and the one of the south has not."""
    south = DistrictFactory(station=sector.station, name="South")
    works_in(sector, "Bo Berg")
    works_in(SectorFactory(district=south, name="Valby", number=9), "Carla Carlsen")
    asked = asked_about(point, asked_at=timezone.now() - datetime.timedelta(days=3))
    confirming.confirm(asked, officer)
    return asked


def halves(text):
    """Return the part of a page about who has not confirmed, and that about who has."""
    missing, confirmed = text.index("Not confirmed yet:"), text.index("Confirmed:")
    return text[missing:confirmed], text[confirmed:]


def test_the_head_of_the_station_sees_by_name_who_has_and_who_has_not(client, station, three):
    text = page(client, head_of(station), "request_detail", three.uuid)
    missing, confirmed = halves(text)
    assert "1 of 3 officers of the station" in text
    assert "Not confirmed yet: 2" in missing
    assert "Bo Berg 4 Bellahøj North" in missing
    assert "Carla Carlsen 9 Valby South" in missing
    assert re.search(r"Nanna Nielsen on \d+ \w+ 20\d\d 4 Bellahøj North", confirmed)


def test_the_head_of_a_district_sees_theirs_alone(client, sector, three):
    head = head_of_district(sector.district)
    text = page(client, head, "request_detail", three.uuid)
    assert "1 of 2 officers of the districts" in text
    assert "Bo Berg" in text
    assert "Carla Carlsen" not in text
    assert "1 of 2" in page(client, head, "request_list", sector.station.slug)


def test_an_editor_sees_how_many_and_no_name(client, editor, station, three):
    text = page(client, editor, "request_detail", three.uuid)
    assert "1 of 3 officers of the station" in text
    assert "Nielsen" not in text
    assert "Berg" not in text
    listed = page(client, editor, "request_list", station.slug)
    assert "2. Second." in listed
    assert "1 of 3" in listed


def test_officers_and_strangers_see_neither_list_nor_names(client, station, officer, three):
    for user in (officer, head_of(SectorFactory().station)):
        client.force_login(user)
        for route, named in (("request_list", station.slug), ("request_detail", three.uuid)):
            assert client.get(reverse(f"handbook:{route}", args=[named])).status_code == 404


def test_who_left_is_not_counted_and_stays_noted_who_came_is_missing(client, sector, station, officer, three):
    appointment.end_now(officer.officer.assignments.get())
    works_in(sector, "Dina Dahl", period=between(days=(-1, 9)))
    works_in(sector, "Ella Eg", period=between(days=(1, 9)))
    text = page(client, head_of(station), "request_detail", three.uuid)
    assert "0 of 3 officers" in text
    assert "Dina Dahl" in halves(text)[0]
    assert "Nanna Nielsen" not in text
    assert "Ella Eg" not in text
    assert three.confirmations.get().user == officer


def test_an_officer_of_several_sectors_is_counted_once_with_all_of_them(
    client, sector, station, officer, point
):
    more = SectorFactory(district=sector.district, name="Grøndal", number=5)
    AssignmentFactory(sector=more, officer=officer.officer, role=Assignment.Role.ATTACHED)
    asked = asked_about(point)
    text = page(client, head_of(station), "request_detail", asked.uuid)
    assert "0 of 1 officers" in text
    assert "Nanna Nielsen 4 Bellahøj, 5 Grøndal North" in text


def test_names_that_a_head_sees_are_noted_in_the_read_log(client, station, officer, three):
    head = head_of(station)
    page(client, head, "request_list", station.slug)
    assert not ReadEntry.objects.filter(actor=head, subject="officers.officer").exists()
    page(client, head, "request_detail", three.uuid)
    noted = ReadEntry.objects.get(actor=head, subject="officers.officer")
    assert f"officers.officer:{officer.officer.pk}" in noted.keys
    assert len(noted.keys) == 3


def test_the_pages_cost_the_same_for_many(client, station, sector, chapter, django_assert_max_num_queries):
    for number in range(12):
        user = works_in(sector, f"Officer {number}")
        for passage in chapter.passages.all():
            asked = ReadingRequest.objects.filter(passage=passage).first() or asked_about(passage)
            confirming.confirm(asked, user)
    for head in (head_of(station), head_of_district(sector.district)):
        client.force_login(head)
        for route, named in (("request_list", station.slug), ("request_detail", asked.uuid)):
            with django_assert_max_num_queries(14):
                assert client.get(reverse(f"handbook:{route}", args=[named])).status_code == 200


def test_what_was_ended_stays_listed(client, station, three):
    confirming.end(three)
    head = head_of(station)
    assert "Ended 2. Second." in page(client, head, "request_list", station.slug)
    assert "1 of 3" in page(client, head, "request_detail", three.uuid)


# --- The start page of the log


def test_the_start_page_counts_what_is_to_be_confirmed_until_it_is(client, officer, point):
    asked = asked_about(point)
    client.force_login(officer)
    assert "1 point of the handbook to confirm" in client.get("/log/").content.decode()
    confirming.confirm(asked, officer)
    assert "of the handbook to confirm" not in client.get("/log/").content.decode()


def test_the_start_page_tells_heads_how_many_of_theirs_have(client, station, sector, three):
    division_of(*station.sectors.order_by("number"))
    heads = (head_of(station), "1 of 3 have"), (head_of_district(sector.district), "1 of 2 have")
    for head, words in heads:
        client.force_login(head)
        assert words in client.get("/log/").content.decode()
