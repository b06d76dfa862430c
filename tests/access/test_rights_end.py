"""A right ends with the row that it follows from: at the next request of a session that goes on."""

import pytest
from django.utils import timezone

from officers.models import Assignment, Cover, Leadership, User
from tests.access import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def stations():
    return world.build()


def end(model, **row):
    """End a row at this instant, as somebody else does in the meantime."""
    for found in model.objects.active_at(timezone.now()).filter(**row):
        model.objects.filter(pk=found.pk).update(period=(found.period.lower, timezone.now()))


@pytest.fixture
def dossier(stations):
    return f"/station/sectors/{stations.own.sector.slug}/"


@pytest.mark.parametrize(
    ("letter", "model", "path"),
    [
        ("O", Assignment, "officer__user"),
        ("R", Assignment, "officer__user"),
        ("C", Cover, "officer__user"),
        ("D", Leadership, "user"),
        ("S", Leadership, "user"),
    ],
)
def test_who_is_moved_is_out_at_the_next_request(client, stations, dossier, letter, model, path):
    user = stations.accounts[letter, "now"]
    client.force_login(user)
    assert client.get(dossier).status_code == 200
    end(model, **{path: user})
    assert client.get(dossier).status_code == 404


def test_who_is_switched_off_is_out_at_the_next_request(client, stations, dossier):
    user = stations.accounts["S", "now"]
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    for path in ("/admin/", "/log/", dossier):
        assert "/login/" in client.get(path).get("Location", "")


def test_a_head_whose_term_ends_leaves_the_admin_with_a_form_half_filled(client, stations):
    user = stations.accounts["S", "now"]
    client.force_login(user)
    page = f"/admin/sectors/sector/{stations.own.sector.pk}/change/"
    assert client.get(page).status_code == 200
    end(Leadership, user=user)
    stations.own.sector.refresh_from_db()
    before = stations.own.sector.name
    response = client.post(page, {"name": "Renamed"})
    assert response.status_code in (302, 404)
    stations.own.sector.refresh_from_db()
    assert stations.own.sector.name == before
