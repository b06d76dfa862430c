"""The map by a figure, and the list that says the same."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from overview.figures.catalogue import FIGURES
from overview.figures.levels import HIGHEST
from overview.models import CountedMonth
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


def division(sectors):
    """Return so many sectors in force in one district."""
    district = DistrictFactory(station=StationFactory())
    made = [SectorFactory(district=district) for _number in range(sectors)]
    BoundaryReleaseFactory(
        station=district.station, areas={one: square(at) for at, one in enumerate(made)}, in_force=True
    )
    CountedMonth.objects.create(month=timezone.localdate().replace(day=1))
    return made


def visited(sector, visits):
    MonthCountFactory(
        sector=sector, measure="visits", month=timezone.localdate().replace(day=1), value=visits
    )


@pytest.fixture
def city():
    """Return three sectors with 12, 3 and 40 visits."""
    sectors = division(3)
    for sector, visits in zip(sectors, (12, 3, 40), strict=True):
        visited(sector, visits)
    return sectors


@pytest.fixture
def head(city, client):
    user = LeadershipFactory(station=city[0].station).user
    client.force_login(user)
    return user


def page(client, **query):
    return client.get(reverse("overview:map"), {"measure": "visits"} | query)


def drawn(response):
    """Return what the script draws."""
    found = re.search(
        r'<script id="map-measured" type="application/json">(.*?)</script>', response.content.decode()
    )
    return json.loads(found[1])


def listed(response):
    """Return the slugs of the list in their order."""
    return re.findall(r'data-sector="([^"]*)"', response.content.decode())


def slugs(sectors):
    return [sector.slug for sector in sectors]


@pytest.mark.parametrize("measure", [*FIGURES, "gaps", ""])
def test_the_list_says_what_the_map_draws(client, city, head, measure):
    response = page(client, measure=measure)
    assert response.status_code == 200
    shown = drawn(response)
    assert set(shown) == set(listed(response)) == set(slugs(city))
    for value in shown.values():
        assert value["text"] in response.content.decode()
        assert value["level"] in (None, 0, 1, 2, 3, 4)
        assert client.get(value["url"]).status_code == 200


def test_a_sector_has_its_value_in_words_and_its_colour(client, city, head):
    shown = drawn(page(client))
    assert [shown[sector.slug]["text"] for sector in city] == ["12 visits", "3 visits", "40 visits"]
    levels = [shown[sector.slug]["level"] for sector in city]
    assert levels[1] < levels[0] < levels[2]


def test_the_list_stands_in_the_order_of_the_sectors_or_by_number(client, city, head):
    assert listed(page(client)) == slugs(city)
    assert listed(page(client, sort="highest")) == slugs([city[2], city[0], city[1]])
    assert listed(page(client, sort="lowest")) == slugs([city[1], city[0], city[2]])
    assert listed(page(client, sort="nonsense")) == slugs(city)


def test_the_mirror_is_never_a_ranking(client, city, head):
    for sector, share in zip(city, (30, 90, 60), strict=True):
        MonthCountFactory(sector=sector, measure="outcomes", key="dialogue", value=share)
        MonthCountFactory(sector=sector, measure="outcomes", key="charge", value=100 - share)
    response = page(client, measure="mirror", sort="highest")
    texts = [drawn(response)[one.slug]["text"] for one in city]
    assert [re.findall(r"\d+", text) for text in texts] == [["30"], ["90"], ["60"]]
    assert listed(response) == slugs(city)
    assert "Highest first" not in response.content.decode()
    assert "Highest first" in page(client).content.decode()


def test_too_few_contacts_for_the_mirror_are_no_number_on_the_map(client, city, head):
    MonthCountFactory(sector=city[0], measure="outcomes", key="dialogue", value=7)
    few = drawn(page(client, measure="mirror"))[city[0].slug]
    assert (few["level"], few["text"]) == (0, "Too few contacts to say")


def test_sectors_without_a_number_come_last_and_the_legend_says_so(client, city):
    client.force_login(StaffRoleFactory(role="analyst", station=city[0].station).user)
    response = page(client, sort="lowest")
    assert listed(response) == slugs([city[0], city[2], city[1]])
    assert "not known, or too few to show" in response.content.decode()


def test_an_analyst_sees_no_small_number(client, city):
    client.force_login(StaffRoleFactory(role="analyst", station=city[0].station).user)
    hidden = drawn(page(client))[city[1].slug]
    assert (hidden["level"], hidden["text"]) == (None, "too few to show")
    file = client.get(reverse("overview:map_csv"), {"measure": "visits"}).content.decode("utf-8-sig")
    assert [row[4] for row in csv.reader(file.splitlines())][1:] == ["10", "", "40"]


def test_gaps_are_shown_to_heads_alone(client, city):
    client.force_login(StaffRoleFactory(role="analyst", station=city[0].station).user)
    assert page(client, measure="gaps").status_code == 404
    assert "Gaps today" not in page(client).content.decode()


def test_an_analyst_who_heads_a_district_elsewhere_sees_gaps_of_it_alone(client, city):
    other = division_elsewhere()
    both = StaffRoleFactory(role="analyst", station=city[0].station).user
    LeadershipFactory(user=both, station=other.station, district=other.district)
    client.force_login(both)
    assert set(drawn(page(client, measure="gaps"))) == {other.slug}
    assert set(drawn(page(client))) == {other.slug, *slugs(city)}


def division_elsewhere():
    sector = SectorFactory(district=DistrictFactory(station=StationFactory()))
    BoundaryReleaseFactory(station=sector.station, areas={sector: square(40)}, in_force=True)
    return sector


def test_a_place_is_a_part_of_the_map(client, city, head):
    assert set(drawn(page(client, where=key_of(city[1])))) == {city[1].slug}


def test_others_see_no_map(client, city):
    for route in ("overview:map", "overview:map_csv"):
        client.force_login(OfficerFactory(station=city[0].station, user=UserFactory()).user)
        assert client.get(reverse(route)).status_code == 404
        client.force_login(LeadershipFactory(station=StationFactory()).user)
        assert client.get(reverse(route), {"where": key_of(city[0])}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"measure": "nonsense"}, {"where": "sector:\x00"}, {"measure": "x" * 5000}]
)
def test_what_is_no_measure_or_place_is_not_found(client, head, query):
    assert page(client, **query).status_code == 404


def test_an_unknown_period_is_said_and_the_usual_one_shown(client, city, head):
    response = page(client, period="tomorrow", sort="highest")
    assert response.status_code == 422
    assert "There is no such period" in response.content.decode()
    assert listed(response) == slugs([city[2], city[0], city[1]])
    refused = client.get(reverse("overview:map_csv"), {"measure": "visits", "period": "tomorrow"})
    assert refused.status_code == 422


@pytest.mark.parametrize("period", ["2015", "tomorrow"])
@pytest.mark.parametrize("measure", ["continuity", "gaps"])
def test_what_is_as_it_stands_now_speaks_of_no_period(client, city, head, measure, period):
    response = page(client, measure=measure, period=period)
    text = response.content.decode()
    assert response.status_code == 200
    assert "As it stands now." in text
    assert "January 2015" not in text
    assert "There is no such period" not in text
    assert 'name="period"' not in text
    assert "period" not in drawn(response)[city[0].slug]["url"]
    assert "As it stands now." not in page(client).content.decode()


def test_the_colours_are_told_apart_without_hue():
    """Each is so much darker than the one before that it shows: in grey print, and by who sees no colours."""
    style = Path(str(finders.find("css/overview-map.css"))).read_text()
    colours = re.findall(r"--level-\d: #(\w{6});", style)
    lights = [luminance(colour) + 0.05 for colour in colours]
    assert len(lights) == HIGHEST + 1
    assert all(lighter / darker >= 1.4 for lighter, darker in pairwise(lights))


def luminance(colour):
    """Return the relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_an_older_period_stays_chosen(client, head):
    assert '<option value="2015" selected>' in re.sub(
        r"\s+", " ", page(client, period="2015").content.decode()
    )


def test_a_station_without_sectors_says_so(client):
    client.force_login(LeadershipFactory(station=StationFactory()).user)
    for measure in ("visits", "gaps"):
        response = page(client, measure=measure)
        assert response.status_code == 200
        assert "No sector is in force here" in response.content.decode()


def test_the_file_holds_the_list(client, city, head):
    response = client.get(reverse("overview:map_csv"), {"measure": "visits", "sort": "highest"})
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == [city[2].name, city[0].name, city[1].name]
    assert [row[4:] for row in rows[1:]] == [["40", "40 visits"], ["12", "12 visits"], ["3", "3 visits"]]


def test_the_list_takes_25_sectors_a_page_and_the_map_all(client):
    sectors = division(30)
    client.force_login(LeadershipFactory(station=sectors[0].station).user)
    first, second = page(client), page(client, page=2)
    assert (len(listed(first)), len(listed(second))) == (20, 10)
    assert len(drawn(first)) == len(drawn(second)) == 30


@pytest.mark.parametrize("measure", [*FIGURES, "gaps"])
@pytest.mark.parametrize("sectors", [1, 20])
def test_a_map_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries, measure, sectors):
    made = division(sectors)
    for sector in made:
        visited(sector, 9)
    client.force_login(LeadershipFactory(station=made[0].station).user)
    with django_assert_max_num_queries(20):
        assert page(client, measure=measure).status_code == 200
