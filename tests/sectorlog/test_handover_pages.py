"""The pages of a hand-over: prepare, read, accept, sign, print."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from officers.models import Assignment, User
from sectorlog.handover.handing_over import make
from sectorlog.models import Handover
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
    between,
    division_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 24


@pytest.fixture
def sector():
    sector = SectorFactory(name="Westend")
    division_of(sector, SectorFactory(district=sector.district))
    return sector


@pytest.fixture
def giver(sector):
    post = AssignmentFactory(
        sector=sector,
        officer__name="Gerda Giver",
        officer__user=UserFactory(),
        period=between(days=(-90, 20)),
    )
    return post.officer.user


@pytest.fixture
def taker(sector, giver):
    """The account of the successor, whose appointment has not begun."""
    post = AssignmentFactory(
        sector=sector, officer__name="Tom Taker", officer__user=UserFactory(), period=between(days=(20, 90))
    )
    return post.officer.user


@pytest.fixture
def handover(sector, taker, giver):
    ContactPersonFactory(party=PartyFactory(sector=sector, name="The club"), name="Kaj Komma")
    ChallengeFactory(sector=sector, title="Noise at night")
    LogEntryFactory(sector=sector, text="Nothing to be <b>seen</b>.")
    return make(sector, taker.officer, timezone.localdate(), by=giver)


@pytest.fixture
def at():
    return lambda name, one: reverse(f"sectorlog:{name}", args=[getattr(one, "slug", "") or one.uuid])


@pytest.fixture
def as_user(client):
    def log_in(user):
        client.force_login(user)
        return client

    return log_in


def test_the_form_suggests_successor_and_day(as_user, sector, giver, taker, at):
    response = as_user(giver).get(at("handover_new", sector))
    ends = timezone.localdate(Assignment.objects.get(officer__user=giver).period.upper)
    assert response.context["form"].initial == {"taker": taker.officer.pk, "on": ends}


def test_the_preview_shows_the_pack_and_keeps_nothing(as_user, sector, giver, taker, at):
    PartyFactory(sector=sector, name="The club")
    query = {"taker": taker.officer.pk, "on": timezone.localdate().isoformat()}
    response = as_user(giver).get(at("handover_preview", sector), query)
    assert response.status_code == 200
    assert b"The club" in response.content
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"on": "yesterday"}, b"date"),
        ({"on": "1999-01-01"}, b"between"),
        ({"taker": "0"}, b"choice"),
        ({}, b"required"),
    ],
)
def test_bad_input_is_answered_with_the_form_and_a_word(as_user, sector, giver, taker, at, typed, word):
    query = {"taker": taker.officer.pk, "on": timezone.localdate().isoformat()} | typed if typed else {}
    response = as_user(giver).get(at("handover_preview", sector), query)
    assert response.status_code == 422
    assert word in response.content
    assert as_user(giver).post(at("handover_new", sector), query).status_code == 422


def test_an_officer_of_elsewhere_cannot_be_chosen(as_user, sector, giver, at):
    foreign = AssignmentFactory(sector=SectorFactory(district=sector.district)).officer
    query = {"taker": foreign.pk, "on": timezone.localdate().isoformat()}
    assert as_user(giver).post(at("handover_new", sector), query).status_code == 422


def test_making_leads_to_the_pack_and_a_second_time_is_a_conflict(as_user, sector, giver, taker, at):
    typed = {"taker": taker.officer.pk, "on": timezone.localdate().isoformat()}
    client = as_user(giver)
    response = client.post(at("handover_new", sector), typed, follow=True)
    assert response.redirect_chain[-1][0] == at("handover_detail", Handover.objects.get())
    again = client.post(at("handover_new", sector), typed)
    assert again.status_code == 409
    assert again.context["form"].data["on"] == typed["on"]
    assert Handover.objects.count() == 1


def test_the_pack_tells_as_it_was_and_escapes_what_was_written(as_user, handover, giver, at):
    handover.sector.parties.update(name="Renamed")
    text = as_user(giver).get(at("handover_detail", handover)).content.decode()
    assert "The club" in text
    assert "Renamed" not in text
    assert "&lt;b&gt;seen&lt;/b&gt;" in text


def test_the_pack_costs_few_queries(as_user, handover, giver, at, django_assert_max_num_queries):
    client = as_user(giver)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(at("handover_detail", handover))


def test_the_successor_reads_the_pack_alone(as_user, handover, taker, sector, at):
    client = as_user(taker)
    assert client.get(at("handover_detail", handover)).status_code == 200
    assert client.get(at("sector_overview", sector)).status_code == 404
    assert client.get(at("handover_list", sector)).status_code == 404
    Assignment.objects.filter(officer__user=taker).update(withdrawn_at=timezone.now())
    assert client.get(at("handover_detail", handover)).status_code == 404
    assert client.get(at("handover_pdf", handover)).status_code == 404


def test_things_are_accepted_one_by_one_with_a_note(as_user, handover, taker, at):
    first, second = handover.items.all()
    client = as_user(taker)
    response = client.post(
        at("handover_items", handover), {"item": first.uuid, "answer": "accept", "note": "Kaj Komma"}
    )
    assert response["Location"].endswith(f"#item-{second.position}")
    first.refresh_from_db()
    assert (first.accepted_at is not None, first.note) == (True, "Kaj Komma")
    assert "1 of 2" in client.get(at("handover_items", handover)).content.decode()


def test_not_accepted_needs_a_reason(as_user, handover, taker, at):
    first, _second = handover.items.all()
    client = as_user(taker)
    refused = client.post(
        at("handover_items", handover), {"item": first.uuid, "answer": "explain", "note": ""}
    )
    assert refused.status_code == 422
    assert "Say in a few words" in refused.content.decode()
    client.post(
        at("handover_items", handover), {"item": first.uuid, "answer": "explain", "note": "Moved away"}
    )
    first.refresh_from_db()
    assert (first.accepted_at, first.note) == (None, "Moved away")


@pytest.mark.parametrize("item", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_item_that_is_none_is_refused_in_words(as_user, handover, taker, at, item):
    response = as_user(taker).post(at("handover_items", handover), {"item": item, "answer": "accept"})
    assert response.status_code in (409, 422)
    assert b'role="alert"' in response.content


def test_a_note_that_is_too_long_is_kept_and_refused(as_user, handover, taker, at):
    first, _second = handover.items.all()
    response = as_user(taker).post(
        at("handover_items", handover), {"item": first.uuid, "answer": "accept", "note": "æ" * 301}
    )
    assert response.status_code == 422
    assert "æ" * 301 in response.content.decode()


def test_a_note_that_looks_like_source_handling_is_asked_about(as_user, handover, taker, at):
    first, _second = handover.items.all()
    typed = {"item": first.uuid, "answer": "accept", "note": "Told by 010170-1234 in confidence"}
    client = as_user(taker)
    asked = client.post(at("handover_items", handover), typed)
    assert asked.status_code == 422
    assert "source handling" in asked.content.decode()
    client.post(at("handover_items", handover), typed | {"source_answer": "keep"})
    first.refresh_from_db()
    assert first.accepted_at


def test_nobody_else_accepts(as_user, handover, giver, at):
    first, _second = handover.items.all()
    response = as_user(giver).post(at("handover_items", handover), {"item": first.uuid, "answer": "accept"})
    assert response.status_code == 404


def test_a_taker_with_open_things_is_told_so_when_signing(as_user, handover, taker, at):
    client = as_user(taker)
    assert "Accept the rest first" in client.get(at("handover_sign", handover)).content.decode()
    response = client.post(at("handover_sign", handover))
    assert response.status_code == 409
    assert "2 things are left" in response.content.decode()


def test_both_sign_and_the_page_says_who(as_user, handover, taker, giver, sector, at):
    for item in handover.items.all():
        as_user(taker).post(at("handover_items", handover), {"item": item.uuid, "answer": "accept"})
    assert as_user(taker).post(at("handover_sign", handover)).status_code == 302
    assert as_user(giver).post(at("handover_sign", handover)).status_code == 302
    handover.refresh_from_db()
    assert handover.taker_signed_at
    assert handover.giver_signed_at
    text = as_user(giver).get(at("handover_list", sector)).content.decode()
    assert "signed by both" in text
    # Once more, from another tab.
    assert as_user(giver).post(at("handover_sign", handover)).status_code == 302
    late = as_user(taker).post(
        at("handover_items", handover), {"item": item.uuid, "answer": "explain", "note": "No"}
    )
    assert late.status_code == 409


def test_the_name_of_the_head_who_signed_for_a_giver_stands_in_the_pack(as_user, handover, sector, at):
    User.objects.filter(officer=handover.giver).update(is_active=False)
    head = head_of_district(sector.district)
    head.name = "Hilde Head"
    head.save()
    as_user(head).post(at("handover_sign", handover))
    text = as_user(head).get(at("handover_detail", handover)).content.decode()
    assert "Hilde Head" in text
    assert "for Gerda Giver" in text


def test_the_print_is_a_tagged_pdf_of_the_pack(as_user, handover, giver, at):
    response = as_user(giver).get(at("handover_pdf", handover))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert f"{timezone.localdate():%Y-%m-%d}.pdf" in response["Content-Disposition"]


def test_the_start_page_tells_the_taker_how_far_they_are(as_user, handover, taker):
    text = as_user(taker).get(reverse("sectorlog:log_home")).content.decode()
    assert "Accept: 0 of 2 done" in text


def test_giver_and_head_are_told_that_a_hand_over_is_due(as_user, giver, taker, sector):
    head = head_of_district(sector.district)
    for user in (giver, head):
        assert "Gerda Giver leaves on" in as_user(user).get(reverse("sectorlog:log_home")).content.decode()
    make(sector, taker.officer, timezone.localdate() + datetime.timedelta(days=1), by=head)
    assert "Gerda Giver leaves on" not in as_user(head).get(reverse("sectorlog:log_home")).content.decode()
