"""What the public never gets: a sentinel stands in every column that is not public, and no answer holds one."""

from __future__ import annotations

from collections import defaultdict

import pytest

from officers.models import Officer
from sectors.snapshot import Snapshot
from tests.contacts import public_scene, public_visits, sentinels
from tests.contacts.public_scene import Scene
from tests.contacts.sentinels import Planted
from tests.test_routes import PUBLIC as PUBLIC_ROUTES

pytestmark = pytest.mark.django_db
# What the site answers with among all the visits: a visit that is meant to be refused and is not shows nothing.
STATUSES = {200, 302, 303, 400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}


@pytest.fixture
def planted() -> Planted:
    sentinels.number_rows_apart()
    return Planted()


@pytest.fixture
def scene(planted: Planted) -> Scene:
    """What is public with what is not beside it, and a sentinel in everything that is not."""
    scene = public_scene.build(planted.new)
    public_scene.add_rows_of_other_apps(scene.officer)
    sentinels.plant(planted)
    Snapshot.forget_all()
    return scene


def leaks(scene: Scene, planted: Planted, statuses: set[int] | None = None) -> dict[str, set[str]]:
    """Return the columns that public answers told, each with what had been asked."""
    found = defaultdict(set)
    for asked, response in public_visits.visits(scene):
        if statuses is not None:
            statuses.add(response.status_code)
        for column in planted.found_in(sentinels.words_of(response)):
            found[column].add(asked)
    return dict(found)


def test_no_public_answer_tells_what_is_not_public(scene, planted):
    statuses: set[int] = set()
    assert leaks(scene, planted, statuses) == {}
    assert statuses >= STATUSES


def test_what_is_public_is_told(client, scene):
    """Else the one above would hold for empty pages."""
    page = client.get(f"/sectors/{scene.sector.slug}/").content.decode()
    for told in (scene.officer.name, "The public library", "A public notice", "A public event", "You said"):
        assert told in page
    status = client.get(f"/messages/{scene.token}/").content.decode()
    assert "My own words" in status
    assert "The answer" in status


@pytest.mark.parametrize(
    "path",
    [
        "sectors/",
        "sectors/{slug}/",
        "sectors/{slug}/card.vcf",
        "sectors/{slug}/leaflet.pdf",
        "api/v1/sectors/{slug}",
    ],
)
def test_a_leak_is_found_in_each_kind_of_answer(scene, planted, client, path):
    """A secret slips into a public column: from there it goes everywhere."""
    secret = planted.new("a planted leak")
    Officer.objects.update(name=secret, title=secret)
    Snapshot.forget_all()
    words = sentinels.words_of(client.get("/" + path.format(slug=scene.sector.slug)))
    assert planted.found_in(words) == {"a planted leak"}


def test_a_row_number_is_found(scene, planted):
    number = Officer.objects.latest("pk").pk
    assert planted.found_in(f'<a href="/x/{number}/">') == {f"row number {number}"}


def test_every_column_is_decided(scene, planted):
    """Public, filled with a sentinel, of a kind that tells nothing, or listed with the reason why it is empty."""
    assert not planted.empty, " ".join(planted.empty)


def test_the_lists_name_columns_that_there_are():
    known = {f"{model._meta.label}.{column.name}" for model, column in sentinels.every_column()}
    public = {f"{label}.{name}" for label, names in sentinels.PUBLIC.items() for name in names.split()}
    assert public <= known
    assert set(sentinels.UNFILLED) <= known


def test_every_public_route_is_visited(scene):
    """A new one belongs into `public_visits.addresses`."""
    assert set(public_visits.addresses(scene)) == PUBLIC_ROUTES
