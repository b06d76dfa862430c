"""Staff make prints, download them, and see which of them no longer hold."""

import datetime

import pypdfium2
import pytest
from django.utils import timezone

from contacts.models import PrintRun
from officers.models import Assignment, PatrolForm
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    PrintRunFactory,
    UserFactory,
    head_of,
    head_of_district,
)

HERE = "/station/sectors/broenshoej/prints/"


@pytest.fixture
def mette(quarter, client):
    """Mette Holm's account, logged in."""
    quarter.mette.user = UserFactory(name="Mette Holm", email="mette@police.example")
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette.user


@pytest.fixture
def head(quarter, client):
    user = head_of(quarter.station)
    client.force_login(user)
    return user


def a_print(quarter, **facts) -> PrintRun:
    about = {
        "sector": quarter.west,
        "officer": quarter.mette,
        "name": quarter.mette.name,
        "phone": quarter.mette.phone,
        "email": quarter.mette.email,
    }
    return PrintRunFactory(**about | facts)


def end(appointment: Assignment) -> None:
    Assignment.objects.filter(pk=appointment.pk).update(period=(appointment.period.lower, timezone.now()))


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("kind", "language"), [("cards", ""), ("leaflet", "da"), ("poster", "da")])
def test_a_print_is_made_written_down_and_downloaded(client, quarter, mette, kind, language):
    response = client.post(HERE, {"kind": kind, "language": "da"}, follow=True)
    run = PrintRun.objects.get()
    assert response.redirect_chain == [(f"/station/prints/{run.code}/", 302)]
    assert (run.kind, run.language, run.officer, run.made_by) == (kind, language, quarter.mette, mette)
    assert (run.name, run.phone, run.email) == ("Mette Holm", "+45 11 11 11 11", quarter.mette.email)
    file = client.get(f"/station/prints/{run.code}/print.pdf")
    assert file["Content-Disposition"] == f'attachment; filename="{kind}-broenshoej-{run.code}.pdf"'
    said = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file.content))
    assert run.code in said
    assert "Mette Holm" in said


def test_a_poster_comes_in_a3_too(client, quarter, mette):
    run = a_print(quarter, kind="poster", language="en")
    small, large = (
        pypdfium2.PdfDocument(client.get(f"/station/prints/{run.code}/print.pdf", {"size": size}).content)
        for size in ("a4", "a3")
    )
    assert small[0].get_width() < large[0].get_width()
    odd = client.get(f"/station/prints/{run.code}/print.pdf", {"size": "../../x"})
    assert pypdfium2.PdfDocument(odd.content)[0].get_width() == small[0].get_width()


def test_the_button_pressed_twice_makes_one_print(client, quarter, mette):
    for _press in range(2):
        client.post(HERE, {"kind": "cards", "language": "en"})
    assert PrintRun.objects.count() == 1


def test_a_get_writes_nothing(client, quarter, mette):
    run = a_print(quarter)
    for path in (HERE, f"/station/prints/{run.code}/", f"/station/prints/{run.code}/print.pdf"):
        assert client.get(path).status_code == 200
    assert PrintRun.objects.count() == 1


def test_a_vacant_sector_offers_no_cards_and_names_the_district(client, quarter, head):
    page = "/station/sectors/vanloese/prints/"
    shown = client.get(page)
    assert 'value="cards"' not in shown.content.decode()
    assert "Leaflet and poster name South." in words(shown)
    assert client.post(page, {"kind": "cards", "language": "en"}).status_code == 422
    assert not PrintRun.objects.exists()
    client.post(page, {"kind": "poster", "language": "en"})
    run = PrintRun.objects.get()
    assert (run.officer, run.name, run.phone) == (None, "South", "+45 00 00 22 22")


def test_an_officer_on_leave_has_cards_of_their_own(client, quarter, head):
    away = AbsenceFactory(officer=quarter.mette)
    CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas)
    client.post(HERE, {"kind": "cards", "language": "en"})
    run = PrintRun.objects.get()
    assert (run.name, run.officer) == ("Mette Holm", quarter.mette)


def test_a_stand_in_of_a_vacant_post_has_no_cards(client, quarter, head):
    end(quarter.appointment)
    AssignmentFactory(sector=quarter.west, officer=quarter.jonas, attached=True, is_stand_in=True)
    assert client.post(HERE, {"kind": "cards", "language": "en"}).status_code == 422


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "banner", "language": "en"}, {"kind": "poster", "language": "xx"}]
)
def test_what_is_no_print_is_refused_and_nothing_is_made(client, quarter, mette, asked):
    response = client.post(HERE, asked)
    assert response.status_code == 422
    assert "Nothing is made yet" in words(response)
    assert not PrintRun.objects.exists()


def test_a_print_that_no_longer_holds_says_why_and_is_not_handed_out(client, quarter, head):
    run = a_print(quarter)
    end(quarter.appointment)
    AssignmentFactory(sector=quarter.west, officer=quarter.jonas, period=(timezone.now(), None))
    detail = words(client.get(f"/station/prints/{run.code}/"))
    assert "Says Mette Holm; today Jonas Berg answers." in detail
    assert "print.pdf" not in detail
    file = client.get(f"/station/prints/{run.code}/print.pdf")
    assert file.status_code == 410
    assert "Make a new print" in words(file)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"phone": "+45 77 77 77 77"}, "today it is +45 77 77 77 77"),
        ({"email": "new@police.example"}, "today it is new@police.example"),
        ({"name": "Mette Holm-Berg"}, "today Mette Holm-Berg answers"),
    ],
)
def test_what_has_changed_is_said(client, quarter, head, change, word):
    a_print(quarter)
    for name, value in change.items():
        setattr(quarter.mette, name, value)
    quarter.mette.save()
    assert word in words(client.get(HERE))


def test_what_a_print_does_not_say_may_change(client, quarter, head):
    a_print(quarter)
    quarter.mette.patrol_form = PatrolForm.BICYCLE
    quarter.mette.save()
    assert "Holds: Mette Holm." in words(client.get(HERE))


def test_heads_see_the_prints_of_all_sectors_the_outdated_first(client, quarter, head):
    old = a_print(quarter, made_at=timezone.now() - datetime.timedelta(days=300))
    end(quarter.appointment)
    new = a_print(
        quarter,
        sector=quarter.mid,
        officer=quarter.jonas,
        name="Jonas Berg",
        phone=quarter.jonas.phone,
        email=quarter.jonas.email,
    )
    page = words(client.get("/station/prints/"))
    assert page.index(old.code) < page.index(new.code)
    assert "1 print no longer holds. Please have it collected." in page
    assert "Says Mette Holm; today nobody is appointed, and" in page
    only_old = words(client.get("/station/prints/", {"show": "outdated"}))
    assert old.code in only_old
    assert new.code not in only_old


def test_the_list_is_filtered_by_kind_and_sector(client, quarter, head):
    card, poster = a_print(quarter), a_print(quarter, kind="poster", sector=quarter.mid)
    by_kind = words(client.get("/station/prints/", {"kind": "poster"}))
    assert (card.code in by_kind, poster.code in by_kind) == (False, True)
    by_sector = words(client.get("/station/prints/", {"sector": "broenshoej"}))
    assert (card.code in by_sector, poster.code in by_sector) == (True, False)
    odd = client.get("/station/prints/", {"kind": "x", "sector": "elsewhere", "page": "-7"})
    assert odd.status_code == 200
    assert card.code in words(odd)


def test_a_districts_head_sees_the_district_alone(client, quarter):
    ours, theirs = a_print(quarter), a_print(quarter, sector=quarter.vacant)
    client.force_login(head_of_district(quarter.north))
    page = words(client.get("/station/prints/"))
    assert (ours.code in page, theirs.code in page) == (True, False)
    assert client.get(f"/station/prints/{theirs.code}/").status_code == 404


def test_who_does_not_work_there_finds_no_prints(client, quarter):
    run = a_print(quarter)
    quarter.jonas.user = UserFactory()
    quarter.jonas.save()
    client.force_login(quarter.jonas.user)
    for path in (
        HERE,
        f"/station/prints/{run.code}/",
        f"/station/prints/{run.code}/print.pdf",
        "/station/prints/",
    ):
        assert client.get(path).status_code == 404
    assert client.post(HERE, {"kind": "cards", "language": "en"}).status_code == 404


@pytest.mark.parametrize("path", ["/station/prints/", HERE])
def test_long_lists_cost_as_many_queries_as_short_ones(
    client, quarter, head, path, django_assert_max_num_queries
):
    for _number in range(60):
        a_print(quarter)
    client.get(path)
    with django_assert_max_num_queries(16):
        assert "Page 1 of 2" in words(client.get(path))


def test_a_code_may_be_typed_in_small_letters(client, quarter, mette):
    run = a_print(quarter)
    assert client.get(f"/station/prints/{run.code.lower()}/").status_code == 200


def test_the_pages_speak_danish(client, quarter, mette):
    run = a_print(quarter)
    for path in (HERE, f"/station/prints/{run.code}/"):
        assert 'lang="da"' in client.get(f"/da{path}").content.decode()


def test_an_officer_without_rights_now_makes_nothing(client, quarter, mette):
    end(quarter.appointment)
    assert client.post(HERE, {"kind": "poster", "language": "en"}).status_code == 404
    assert not PrintRun.objects.exists()
