from hashlib import sha256

import pytest
from django.db import OperationalError
from django.db.models import QuerySet

from officers.models import Portrait
from tests.factories import AbsenceFactory, AssignmentFactory, CoverFactory, OfficerFactory, SectorFactory


def portrait_of(officer) -> Portrait:
    digest = sha256(officer.name.encode()).hexdigest()
    return Portrait.objects.create(
        officer=officer, digest=digest, small=b"small", medium=b"medium", large=b"large"
    )


def address(portrait: Portrait, size: str = "medium") -> str:
    return f"/portraits/{portrait.digest}-{size}.jpg"


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_portrait_is_a_jpeg_that_caches_keep(client, quarter, size):
    response = client.get(address(portrait_of(quarter.mette), size))
    assert response.content == size.encode()
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_sector_page_shows_the_portrait_instead_of_initials(client, quarter):
    portrait = portrait_of(quarter.mette)
    page = client.get("/sectors/broenshoej/").content.decode()
    assert f'src="{address(portrait)}"' in page
    assert 'alt="Portrait of Mette Holm"' in page
    assert ">MH<" not in page


def test_address_is_the_same_in_every_language(client, quarter):
    portrait = portrait_of(quarter.mette)
    assert f'src="{address(portrait)}"' in client.get("/da/sectors/broenshoej/").content.decode()


def test_new_portrait_shows_with_a_new_address(client, quarter):
    portrait = portrait_of(quarter.mette)
    client.get(address(portrait))
    Portrait.objects.update(digest="0" * 64)
    assert client.get(address(portrait)).status_code == 404
    portrait.refresh_from_db()
    assert client.get(address(portrait)).status_code == 200


def test_portrait_of_an_attached_colleague_is_small_on_the_page(client, quarter):
    colleague = AssignmentFactory(sector=quarter.west, attached=True).officer
    portrait = portrait_of(colleague)
    assert f'src="{address(portrait, "small")}"' in client.get("/sectors/broenshoej/").content.decode()
    assert client.get(address(portrait, "small")).status_code == 200


def test_portraits_of_cover_and_absent_officer_are_shown(client, quarter):
    absence = AbsenceFactory(officer=quarter.mette)
    cover = CoverFactory(absence=absence, sector=quarter.west)
    for officer in (quarter.mette, cover.officer):
        assert client.get(address(portrait_of(officer))).status_code == 200


def test_portrait_of_somebody_whom_no_page_shows_is_not_found(client, quarter):
    beyond = AssignmentFactory(sector=SectorFactory()).officer  # a sector that is not in force
    colleague_away = AssignmentFactory(sector=quarter.west, attached=True).officer
    AbsenceFactory(officer=colleague_away)
    for officer in (OfficerFactory(name="Nobody Known"), beyond, colleague_away):
        assert client.get(address(portrait_of(officer))).status_code == 404


@pytest.mark.parametrize("path", ["huge", "small.", "-small", "digest-small"])
def test_other_sizes_and_names_are_not_found(client, quarter, path):
    portrait = portrait_of(quarter.mette)
    assert client.get(address(portrait, path)).status_code == 404


def test_unknown_digests_cost_no_query(client, quarter, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get("/sectors/broenshoej/")
    with django_assert_num_queries(0):
        assert client.get(f"/portraits/{'1' * 64}-small.jpg").status_code == 404


def test_portrait_asks_to_come_again_while_the_database_is_away(client, quarter, monkeypatch):
    portrait = portrait_of(quarter.mette)
    client.get(address(portrait))

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(QuerySet, "first", away)
    response = client.get(address(portrait))
    assert (response.status_code, response["Retry-After"]) == (503, "30")
