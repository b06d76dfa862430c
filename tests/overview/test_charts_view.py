"""The address of a chart: who gets it, what is hidden in it, and how browsers keep it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from officers.models import Leadership
from overview.models import CountedMonth, MonthCount
from overview.scope import key_of
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    MonthCountFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """Return a district of two sectors in force: 3 visits this month in one, 40 in the other."""
    district = DistrictFactory(station=StationFactory())
    sectors = [SectorFactory(district=district) for _number in range(2)]
    BoundaryReleaseFactory(
        station=district.station, areas={one: square(at) for at, one in enumerate(sectors)}, in_force=True
    )
    month = timezone.localdate().replace(day=1)
    CountedMonth.objects.create(month=month)
    for sector, value in zip(sectors, (3, 40), strict=True):
        MonthCountFactory(sector=sector, measure="visits", month=month, value=value)
    return sectors


@pytest.fixture
def head(city, client):
    user = LeadershipFactory(station=city[0].station).user
    client.force_login(user)
    return user


def get(client, *, headers=None, **query):
    return client.get(
        reverse("overview:chart"), {"figure": "visits", "width": "narrow"} | query, headers=headers
    )


def words(response):
    return re.findall(r"<text[^>]*>([^<]*)</text>", response.content.decode())


def test_a_head_gets_the_picture_of_the_numbers(client, city, head):
    response = get(client)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert {"3", "40"} <= set(words(response))
    assert any(city[0].name in text or text.endswith("…") for text in words(response))


def test_nothing_can_run_or_be_fetched_from_it(client, head):
    policy = get(client)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_browser_asks_again_and_gets_no_second_copy(client, city, head):
    first = get(client)
    assert first["Cache-Control"] == "private, no-cache"
    again = get(client, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    assert get(client, width="wide")["ETag"] != first["ETag"]
    MonthCount.objects.filter(value=40).update(value=41)
    CountedMonth.objects.update(counted_at=timezone.now())
    assert get(client, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_analyst_sees_no_small_number_in_the_picture(client, city):
    client.force_login(StaffRoleFactory(role="analyst", station=city[0].station).user)
    texts = words(get(client))
    assert "40" in texts
    assert "3" not in texts
    assert "–" in texts
    alone = words(get(client, where=key_of(city[0])))
    assert "3" not in alone


@pytest.mark.parametrize(
    "query",
    [
        {"figure": "nonsense"},
        {"figure": ""},
        {"where": "district:x:y"},
        {"period": "yesterday"},
        {"period": "9999"},
        {"chart": "99"},
        {"chart": "-1"},
        {"chart": "9" * 5000},
        {"chart": "²"},
        {"width": "1000000"},
        {"width": ""},
    ],
)
def test_what_is_no_chart_is_not_found(client, head, query):
    assert get(client, **query).status_code == 404


def test_others_get_no_chart(client, city):
    officer = OfficerFactory(station=city[0].station, user=UserFactory())
    client.force_login(officer.user)
    assert get(client).status_code == 404
    stranger = LeadershipFactory(station=StationFactory()).user
    client.force_login(stranger)
    assert get(client, where=key_of(city[0])).status_code == 404
    assert not set(words(get(client))) & {"3", "40"}


def test_a_chart_ends_with_the_right_to_see_it(client, city, head):
    etag = get(client)["ETag"]
    leadership = Leadership.objects.get(user=head)
    leadership.period = (leadership.period.lower, timezone.now())
    leadership.save()
    assert get(client, headers={"If-None-Match": etag}).status_code == 404


def test_the_page_leads_to_both_widths(client, head):
    page = client.get(reverse("overview:figures"), {"figure": "visits"}).content.decode()
    for width in ("narrow", "wide"):
        found = re.search(rf'"([^"]*chart\.svg[^"]*width={width})"', page)
        assert found
        assert client.get(found[1].replace("&amp;", "&")).status_code == 200
    assert "its numbers are in the table below" in page
    assert "css/overview-charts" in page


@pytest.mark.parametrize("sectors", [1, 20])
def test_a_chart_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries, sectors):
    district = DistrictFactory(station=StationFactory())
    made = [SectorFactory(district=district) for _number in range(sectors)]
    BoundaryReleaseFactory(
        station=district.station, areas={one: square(at) for at, one in enumerate(made)}, in_force=True
    )
    for sector in made:
        MonthCountFactory(sector=sector, measure="visits")
    client.force_login(LeadershipFactory(station=district.station).user)
    with django_assert_max_num_queries(12):
        assert get(client).status_code == 200
