"""Boundary releases in the admin: who reaches them, what a drawing may be, how a draft is published."""

import datetime
import json

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sectors import division
from sectors.boundaries.publication import draft_from, publish
from sectors.models import Address, Boundary, BoundaryRelease, Sector, Street
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    BoundaryReleaseFactory,
    LeadershipFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    administrator,
    division_of,
    middle,
    square,
)

pytestmark = pytest.mark.django_db


def page(name, release):
    return reverse(f"admin:sectors_boundaryrelease_{name}", args=[release.pk])


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def west(station):
    return SectorFactory(number=1, name="West", district__station=station)


@pytest.fixture
def east(station, west):
    return SectorFactory(number=2, name="East", district=west.district)


@pytest.fixture
def in_force(west, east):
    return division_of(west, east)


@pytest.fixture
def draft(in_force):
    return draft_from(in_force, name="Spring", by=None)


@pytest.fixture
def head(client, station):
    user = UserFactory()
    LeadershipFactory(user=user, station=station)
    client.force_login(user)
    return user


def areas(client, release):
    return client.get(page("areas", release)).json()


def save(client, release, *, version=None, **drawing):
    body = {"version": version or areas(client, release)["version"], **drawing}
    return client.post(page("areas", release), json.dumps(body), content_type="application/json")


def box(west, south, east, north):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def wider_west(metres_of_degree=0.002):
    """The two squares with their shared border moved to the east."""
    border = WEST + SIDE + metres_of_degree
    return (
        [box(WEST, SOUTH, border, SOUTH + SIDE)],
        [box(border, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)],
    )


# --- Who reaches what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["change", "areas", "consequences", "publish", "unschedule", "delete", "history"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_release_of_another_station_is_not_found(client, head, name, method):
    foreign = division_of(SectorFactory())
    assert getattr(client, method)(page(name, foreign)).status_code == 404


def test_list_shows_own_releases_only(client, head, draft):
    foreign = division_of(SectorFactory())
    content = client.get(reverse("admin:sectors_boundaryrelease_changelist")).content.decode()
    assert page("change", draft) in content
    assert page("change", foreign) not in content


@pytest.mark.usefixtures("head")
def test_administrator_sees_no_boundaries(client, draft):
    client.force_login(administrator())
    assert client.get(page("change", draft)).status_code == 404


@pytest.mark.usefixtures("head")
def test_reviewer_reads_the_boundaries_of_every_station_and_draws_none(client, draft):
    client.force_login(StaffRoleFactory(reviewer=True).user)
    assert client.get(page("change", draft)).status_code == 200
    assert client.post(page("publish", draft), {"when": "now"}).status_code == 404
    assert client.get(reverse("admin:sectors_boundaryrelease_add")).status_code == 404


def test_rights_end_with_the_leadership(client, head, draft):
    assert client.get(page("change", draft)).status_code == 200
    leadership = head.leaderships.get()
    leadership.period = (leadership.period.lower, timezone.now() - datetime.timedelta(seconds=1))
    leadership.save()
    assert client.get(page("change", draft)).status_code in {302, 403, 404}


@pytest.mark.usefixtures("head")
def test_draft_cannot_be_made_for_another_station(client, in_force):
    other = StationFactory()
    response = client.post(
        reverse("admin:sectors_boundaryrelease_add"), {"station": other.pk, "name": "Theirs"}
    )
    assert response.status_code == 422
    assert not BoundaryRelease.objects.filter(name="Theirs").exists()


def test_anonymous_is_sent_to_log_in(client, draft):
    for name in ("change", "areas", "publish"):
        assert client.get(page(name, draft)).status_code == 302


# --- New drafts ------------------------------------------------------------------------------------


def test_new_draft_has_the_boundaries_in_force(client, head, station, in_force):
    response = client.post(
        reverse("admin:sectors_boundaryrelease_add"), {"station": station.pk, "name": "Spring"}
    )
    draft = BoundaryRelease.objects.get(name="Spring")
    assert response.url == page("change", draft)
    assert draft.is_draft
    assert draft.created_by == head
    assert list(draft.boundaries.values_list("sector")) == list(in_force.boundaries.values_list("sector"))


@pytest.mark.usefixtures("head")
def test_station_without_boundaries_begins_with_an_empty_draft(client, station):
    client.post(reverse("admin:sectors_boundaryrelease_add"), {"station": station.pk, "name": "First"})
    draft = BoundaryRelease.objects.get(name="First")
    assert draft.boundaries.count() == 0
    assert client.get(page("change", draft)).status_code == 200
    assert areas(client, draft)["sectors"] == []


def upload(client, station, content, name="spring.geojson"):
    return client.post(
        reverse("admin:sectors_boundaryrelease_import"),
        {"station": station.pk, "name": "From a file", "file": SimpleUploadedFile(name, content)},
    )


def collection(*polygons):
    features = [
        {
            "type": "Feature",
            "properties": {"number": number, "name": f"Sector {number}"},
            "geometry": {"type": "Polygon", "coordinates": polygon},
        }
        for number, polygon in enumerate(polygons, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.usefixtures("head", "in_force")
def test_uploaded_file_becomes_a_draft(client, station):
    response = upload(client, station, collection(*[polygon for [polygon] in wider_west()]))
    draft = BoundaryRelease.objects.get(name="From a file")
    assert response.url == page("change", draft)
    assert draft.is_draft
    assert draft.source == "spring.geojson"
    assert draft.boundaries.count() == 2


@pytest.mark.usefixtures("head", "in_force")
@pytest.mark.parametrize(
    "content", [b"{", b"PK\x03\x04 no archive", b"\x00\xff" * 100, b'{"type": "Feature"}']
)
def test_refused_file_leaves_nothing_behind(client, station, content):
    before = BoundaryRelease.objects.count(), Sector.objects.count()
    response = upload(client, station, content)
    assert response.status_code == 422
    assert b'data-release="refused"' in response.content
    assert (BoundaryRelease.objects.count(), Sector.objects.count()) == before


@pytest.mark.usefixtures("head")
def test_upload_beyond_the_limit_is_passed_over(client, station, monkeypatch):
    content = collection(*[polygon for [polygon] in wider_west()])
    monkeypatch.setattr("sectors.admin.release_drafts.MAX_UPLOAD_BYTES", len(content) - 1)
    response = upload(client, station, content)
    assert response.status_code == 422
    assert b'data-release="refused"' in response.content
    monkeypatch.setattr("sectors.admin.release_drafts.MAX_UPLOAD_BYTES", len(content))
    assert upload(client, station, content).status_code == 302


@pytest.mark.usefixtures("head", "in_force")
@pytest.mark.parametrize("other", ["file", "any"])
def test_second_file_of_a_request_is_passed_over(client, station, other):
    content = collection(*[polygon for [polygon] in wider_west()])
    files = [SimpleUploadedFile(name, content) for name in ("spring.geojson", "summer.geojson")]
    sent = {"file": files} if other == "file" else {"file": files[0], "any": files[1]}
    before = BoundaryRelease.objects.count()
    response = client.post(
        reverse("admin:sectors_boundaryrelease_import"), {"station": station.pk, "name": "Two", **sent}
    )
    assert response.status_code == 422
    assert "Choose one file" in response.content.decode()
    # Of the second nothing was stored.
    assert [upload.name for upload in response.wsgi_request.FILES.values()] == ["spring.geojson"]
    assert BoundaryRelease.objects.count() == before


def test_upload_needs_the_token_of_the_page(head, station):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head)
    assert upload(strict, station, b"{}").status_code == 403
    address = reverse("admin:sectors_boundaryrelease_import")
    token = strict.get(address).context["csrf_token"]
    answer = strict.post(address, {"csrfmiddlewaretoken": str(token), "name": "x"})
    assert answer.status_code == 422


def test_drawing_needs_the_token_of_the_page(head, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head)
    assert save(strict, draft).status_code == 403


# --- Drawing ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("head")
def test_areas_lose_no_digit_on_the_way_to_the_map(client, draft, west):
    odd = square(side=0.0123456789012345)
    Boundary.objects.filter(release=draft, sector=west).update(area=odd)
    sent = next(sector for sector in areas(client, draft)["sectors"] if sector["id"] == west.pk)
    assert sent["coordinates"] == json.loads(json.dumps(odd.coords))


@pytest.mark.usefixtures("head")
def test_saved_drawing_is_kept_and_changes_the_version(client, draft, west, east):
    new_west, new_east = wider_west()
    before = areas(client, draft)["version"]
    response = save(
        client,
        draft,
        changed=[{"sector": west.pk, "coordinates": new_west}, {"sector": east.pk, "coordinates": new_east}],
    )
    assert response.status_code == 200
    assert response.json() == {"version": areas(client, draft)["version"]}
    assert response.json()["version"] != before
    assert draft.boundaries.get(sector=west).area.extent[2] == WEST + SIDE + 0.002


@pytest.mark.usefixtures("head")
def test_later_of_two_windows_is_told_and_overwrites_nothing(client, draft, west):
    new_west, _ = wider_west(-0.002)
    other_west, _ = wider_west(-0.004)
    version = areas(client, draft)["version"]
    save(client, draft, version=version, changed=[{"sector": west.pk, "coordinates": new_west}])
    late = save(client, draft, version=version, changed=[{"sector": west.pk, "coordinates": other_west}])
    assert late.status_code == 409
    assert late.json()["problems"][0]["sentence"]
    assert draft.boundaries.get(sector=west).area.extent[2] == WEST + SIDE - 0.002


@pytest.mark.usefixtures("head")
def test_new_sector_is_taken_out_of_those_it_covers(client, draft, west, east):
    quarter = box(WEST + SIDE / 2, SOUTH, WEST + 1.5 * SIDE, SOUTH + SIDE / 2)
    added = {"number": 3, "name": "Middle", "district": west.district_id, "coordinates": [quarter]}
    assert save(client, draft, added=[added]).status_code == 200
    middle_sector = Sector.objects.get(number=3)
    new = draft.boundaries.get(sector=middle_sector).area
    for sector in (west, east):
        rest = draft.boundaries.get(sector=sector).area
        assert rest.intersection(new).area < 1e-15
        assert rest.area == pytest.approx(0.75 * SIDE**2)


@pytest.mark.usefixtures("head")
def test_new_sector_may_not_swallow_another(client, draft, west):
    everything = box(WEST - SIDE, SOUTH - SIDE, WEST + 3 * SIDE, SOUTH + 2 * SIDE)
    added = {"number": 3, "name": "All", "district": west.district_id, "coordinates": [everything]}
    assert save(client, draft, added=[added]).status_code == 422
    assert not Sector.objects.filter(number=3).exists()
    assert draft.boundaries.count() == 2


@pytest.mark.usefixtures("head")
def test_removed_sector_comes_back_as_the_same_by_its_number(client, draft, east):
    assert save(client, draft, removed=[east.pk]).status_code == 200
    assert draft.boundaries.count() == 1
    _, new_east = wider_west(0)
    again = {"number": 2, "name": "East", "district": east.district_id, "coordinates": new_east}
    assert save(client, draft, added=[again]).status_code == 200
    assert draft.boundaries.filter(sector=east).exists()
    renamed = {**again, "name": "Another"}
    assert save(client, draft, removed=[east.pk], added=[renamed]).status_code == 422
    assert draft.boundaries.filter(sector=east).exists()


@pytest.mark.usefixtures("head")
def test_number_drawn_already_is_refused(client, draft, west):
    corner = box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001)
    added = {"number": 2, "name": "East", "district": west.district_id, "coordinates": [corner]}
    response = save(client, draft, added=[added])
    assert response.status_code == 422
    assert "2 East" in response.json()["problems"][0]["sentence"]


@pytest.mark.usefixtures("head")
def test_district_of_another_station_is_refused(client, draft):
    corner = box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001)
    added = {"number": 9, "name": "X", "district": SectorFactory().district_id, "coordinates": [corner]}
    assert save(client, draft, added=[added]).status_code == 422
    assert not Sector.objects.filter(number=9, name="X").exists()


BOW_TIE = [
    [[WEST, SOUTH], [WEST + SIDE, SOUTH + SIDE], [WEST + SIDE, SOUTH], [WEST, SOUTH + SIDE], [WEST, SOUTH]]
]


@pytest.mark.usefixtures("head")
def test_self_crossing_outline_is_refused_with_its_place(client, draft, west):
    response = save(client, draft, changed=[{"sector": west.pk, "coordinates": [BOW_TIE]}])
    assert response.status_code == 422
    [problem] = response.json()["problems"]
    assert "1 West" in problem["sentence"]
    assert (problem["lon"], problem["lat"]) == pytest.approx(middle())


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize("width", [0, 1e-9])
def test_hair_on_a_border_is_mended(client, draft, west, width):
    """Slivers of real files fold over by less than a millimetre when a border beside them moves."""
    east, north = WEST + SIDE, SOUTH + SIDE
    hair = [[east, north], [east + 0.001, north], [east, north - width]]
    ring = [[WEST, SOUTH], [east, SOUTH], *hair, [east, north], [WEST, north], [WEST, SOUTH]]
    assert save(client, draft, changed=[{"sector": west.pk, "coordinates": [[ring]]}]).status_code == 200
    area = draft.boundaries.get(sector=west).area
    assert area.valid
    assert area.area == pytest.approx(SIDE**2, rel=1e-6)


@pytest.mark.usefixtures("head")
def test_one_bad_area_keeps_the_good_ones_out_too(client, draft, west, east):
    new_west, _ = wider_west(-0.002)
    before = areas(client, draft)["version"]
    changed = [{"sector": west.pk, "coordinates": new_west}, {"sector": east.pk, "coordinates": [BOW_TIE]}]
    assert save(client, draft, changed=changed).status_code == 422
    assert areas(client, draft)["version"] == before


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(
    "coordinates",
    [
        [[[[12.5, 55.7], [12.6, 55.7], [12.5, 55.7]]]],
        [[[[12.5, 55.7], [12.6, 55.7], [12.6, 55.8], [12.5, 55.8]]]],
        [[[[55.7, 12.5], [55.8, 12.5], [55.8, 12.6], [55.7, 12.5]]]],
        [[[[1e300, 55.7], [12.6, 55.7], [12.6, 55.8], [1e300, 55.7]]]],
        [[[[12.5, 55.7], [12.5, 55.7], [12.5, 55.7], [12.5, 55.7]]]],
        [[]],
        [[[]]],
        [[[[12.5 + n * 1e-6, 55.7 + n % 2 * 1e-6] for n in range(20_001)]]],
    ],
    ids=[
        "two corners",
        "open",
        "swapped",
        "off the globe",
        "no area",
        "no ring",
        "empty ring",
        "too many corners",
    ],
)
def test_area_that_is_none_is_refused_in_a_sentence(client, draft, west, coordinates):
    before = areas(client, draft)["version"]
    response = save(client, draft, changed=[{"sector": west.pk, "coordinates": coordinates}])
    assert response.status_code == 422
    assert "1 West" in response.json()["problems"][0]["sentence"]
    assert areas(client, draft)["version"] == before


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"\xff\xfe",
        b'{"version": 1}',
        b'{"version": "x", "changed": [{"sector": "1", "coordinates": []}]}',
        b'{"version": "x", "changed": [{"sector": 1, "coordinates": [[[[NaN, 55.7]]]]}]}',
        b'{"version": "x", "changed": [{"sector": 1, "coordinates": [[[[1e999, 55.7]]]]}]}',
        b'{"version": "x", "changed": [{"sector": 1, "coordinates": [[[["12.5", 55.7]]]]}]}',
        b'{"version": "x", "changed": [{"sector": 99999999999999999999, "coordinates": [[[[1, 2]]]]}]}',
        b'{"version": "x", "surprise": true}',
        b"[" * 100_000,
        b'{"version": "x", "added": [{"number": 1, "name": "a\\u0000b", "district": 1, "coordinates": [[]]}]}',
    ],
)
def test_what_no_map_sends_is_refused(client, draft, body):
    before = areas(client, draft)["version"]
    response = client.post(page("areas", draft), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["problems"][0]["sentence"]
    assert areas(client, draft)["version"] == before


@pytest.mark.usefixtures("head")
def test_ten_million_corners_are_refused_unread(client, draft):
    body = b'{"version": "x", "changed": [' + b"[12.5,55.7]," * 10_000_000
    response = client.post(page("areas", draft), body, content_type="application/json")
    assert response.status_code == 413
    assert response.json()["problems"][0]["sentence"]


@pytest.mark.usefixtures("head")
def test_sector_that_is_not_of_the_draft_is_refused(client, draft):
    foreign = SectorFactory()
    new_west, _ = wider_west()
    for drawing in (
        {"changed": [{"sector": foreign.pk, "coordinates": new_west}]},
        {"removed": [foreign.pk]},
    ):
        assert save(client, draft, **drawing).status_code == 422


@pytest.mark.usefixtures("head")
def test_published_boundaries_are_read_only(client, in_force, west):
    new_west, _ = wider_west()
    before = areas(client, in_force)["version"]
    assert save(client, in_force, changed=[{"sector": west.pk, "coordinates": new_west}]).status_code == 409
    assert areas(client, in_force)["version"] == before
    assert 'data-editable="false"' in client.get(page("change", in_force)).content.decode()


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, draft, method):
    response = getattr(client, method)(page("areas", draft))
    assert response.status_code == 405
    assert response.json()["problems"]
    assert response["Allow"] == "GET, POST"


# --- What it moves, and publishing -----------------------------------------------------------------


@pytest.fixture
def moved(client, head, draft, west, east):
    """The draft with the border moved to the east, over one address."""
    street = Street.objects.create(name="Grensen", postcode="2700", city="Brønshøj", key="grensen")
    location = f"POINT({WEST + SIDE + 0.001} {SOUTH + 0.005})"
    Address.objects.create(street=street, number=1, location=f"SRID=4326;{location}", sector=east)
    new_west, new_east = wider_west()
    changed = [{"sector": west.pk, "coordinates": new_west}, {"sector": east.pk, "coordinates": new_east}]
    assert save(client, draft, changed=changed).status_code == 200
    return draft


def test_consequences_name_the_addresses_that_move(client, moved):
    content = client.get(page("consequences", moved)).content.decode()
    assert 'data-count="1"' in content
    assert "2 East" in content
    assert "1 West" in content
    assert "moved-areas" in client.get(page("consequences", moved), {"part": ""}).content.decode()


def test_addresses_left_without_a_sector_are_said_apart(client, moved, west):
    lost = 'data-release="lost-addresses"'
    assert lost not in client.get(page("consequences", moved)).content.decode()
    save(client, moved, removed=[west.pk])
    content = client.get(page("consequences", moved)).content.decode()
    assert lost in content
    assert 'data-count="0"' in content


def confirm(client, release, **values):
    shown = client.get(page("publish", release), {"when": "now", **values})
    form = shown.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return shown, data


def test_confirmed_draft_is_in_force_at_once(client, moved, west):
    shown, data = confirm(client, moved)
    assert 'data-count="1"' in shown.content.decode()
    assert BoundaryRelease.objects.get(pk=moved.pk).is_draft
    response = client.post(page("publish", moved), data)
    assert response.url == page("change", moved)
    moved.refresh_from_db()
    assert moved.state == "active"
    owner = division.current().owner(WEST + SIDE + 0.001, SOUTH + 0.005)
    assert owner.id == west.pk


def test_scheduled_release_begins_on_its_date_and_can_be_taken_back(client, moved, in_force):
    day = timezone.localdate() + datetime.timedelta(days=10)
    _, data = confirm(client, moved, when="later", day=day.isoformat(), time="07:00")
    client.post(page("publish", moved), data)
    moved.refresh_from_db()
    assert timezone.localtime(moved.period.lower).replace(tzinfo=None) == datetime.datetime.combine(
        day, datetime.time(7)
    )
    assert 'data-release="unschedule"' in client.get(page("change", moved)).content.decode()
    client.post(page("unschedule", moved))
    moved.refresh_from_db()
    assert moved.is_draft
    in_force.refresh_from_db()
    assert in_force.period.upper is None


def test_release_in_force_is_not_taken_back(client, head, in_force):
    response = client.post(page("unschedule", in_force))
    assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["error"]
    in_force.refresh_from_db()
    assert in_force.state == "active"


def test_draft_redrawn_after_it_was_read_is_not_published(client, moved, west):
    _, data = confirm(client, moved)
    other_west, _ = wider_west(-0.002)
    save(client, moved, changed=[{"sector": west.pk, "coordinates": other_west}])
    client.post(page("publish", moved), data)
    moved.refresh_from_db()
    assert moved.is_draft


@pytest.mark.usefixtures("head")
def test_overlap_refuses_publication_with_a_sentence(client, draft, west):
    new_west, _ = wider_west()
    save(client, draft, changed=[{"sector": west.pk, "coordinates": new_west}])
    shown, data = confirm(client, draft)
    content = shown.content.decode()
    assert 'data-release="refused"' in content
    assert 'data-release="confirm"' not in content
    client.post(page("publish", draft), data)
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.usefixtures("head")
def test_gaps_have_to_be_confirmed(client, draft, west):
    hole = [[12.484, 55.694], [12.484, 55.696], [12.486, 55.696], [12.486, 55.694], [12.484, 55.694]]
    holed = [[*box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), hole]]
    assert save(client, draft, changed=[{"sector": west.pk, "coordinates": holed}]).status_code == 200
    _, data = confirm(client, draft)
    assert client.post(page("publish", draft), {**data, "accept_gaps": ""}).status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft
    client.post(page("publish", draft), {**data, "accept_gaps": "on"})
    draft.refresh_from_db()
    assert draft.state == "active"


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "32.13.2030"}, "day"),
        ({"day": "9999-12-31", "time": "23:59"}, "day"),
        ({"day": "2030-03-31", "time": "02:30"}, "time"),
        ({"day": "2030-10-27", "time": "02:30"}, "time"),
        ({"when": "yesterday"}, "when"),
    ],
)
def test_instant_that_cannot_be_is_refused_in_a_sentence(client, draft, values, field):
    response = client.get(page("publish", draft), {"when": "later", "time": "00:00", **values})
    assert response.status_code == 200
    if field:
        assert response.context["form"].errors[field]
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(("days", "is_refused"), [(5 * 365, False), (5 * 366 + 2, True)])
def test_instant_more_than_five_years_ahead_is_refused(client, draft, days, is_refused):
    day = timezone.localdate() + datetime.timedelta(days=days)
    asked = {"when": "later", "day": day.isoformat(), "time": "07:00"}
    errors = client.get(page("publish", draft), asked).context["form"].errors
    assert ("five years ahead" in str(errors.get("day", ""))) is is_refused


@pytest.mark.usefixtures("head")
def test_published_release_is_not_published_again(client, draft):
    _, data = confirm(client, draft)
    publish(draft, at=None, by=None)
    period = draft.period
    client.post(page("publish", draft), data)
    draft.refresh_from_db()
    assert draft.period == period


@pytest.mark.usefixtures("head")
def test_draft_can_be_renamed_and_deleted_published_not(client, draft, in_force):
    client.post(page("change", draft), {"name": "Summer"})
    client.post(page("change", in_force), {"name": "Other"})
    draft.refresh_from_db()
    in_force.refresh_from_db()
    assert draft.name == "Summer"
    assert in_force.name != "Other"
    client.post(page("delete", draft), {"post": "yes"})
    client.post(page("delete", in_force), {"post": "yes"})
    assert list(BoundaryRelease.objects.all()) == [in_force]


@pytest.mark.usefixtures("head")
def test_first_release_is_said_to_be_new_ground(client, station, west):
    draft = BoundaryReleaseFactory(station=station, areas={west: square()})
    shown, data = confirm(client, draft)
    assert 'data-release="first"' in shown.content.decode()
    client.post(page("publish", draft), data)
    draft.refresh_from_db()
    assert draft.state == "active"
