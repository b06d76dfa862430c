import datetime

import pytest
from django.utils import timezone

from sectorlog.models import TargetGroup
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    GroupInSectorFactory,
    LogEntryFactory,
    SectorFactory,
    UserFactory,
    days_ago,
    division_of,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sectors():
    """Three sectors of two districts; in the third one a group is overdue."""
    north = DistrictFactory(name="North", slug="north")
    south = DistrictFactory(name="South", slug="south", station=north.station)
    found = [
        SectorFactory(district=district, station=north.station, name=name, slug=name.lower(), number=number)
        for number, (name, district) in enumerate((("Alpha", north), ("Beta", north), ("Gamma", south)), 1)
    ]
    division_of(*found)
    for sector, days in zip(found, (1, 25, 42), strict=True):
        group = TargetGroup.objects.get(slug="trade")
        GroupInSectorFactory(sector=sector, group=group, interval_days=30)
        happened_at = days_ago(days)
        LogEntryFactory(sector=sector, groups=[group], happened_at=happened_at)
    return found


def page_of(client, user, address: str = "/log/matrix/") -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_head_sees_every_sector_the_most_neglected_first(client, sectors):
    page = page_of(client, head_of(sectors[0].station))
    assert page.index("3 Gamma") < page.index("1 Alpha") < page.index("2 Beta")
    assert "<strong>1</strong> group is neglected in its sector" in page
    for words in ("12 days overdue", "due in 5 days", "in time", "nothing agreed"):
        assert words in page


def test_each_cell_says_all_of_it_in_words(client, sectors):
    page = page_of(client, head_of(sectors[0].station))
    day = timezone.localdate() - datetime.timedelta(days=42)
    assert (
        f". Tradespeople, 3 Gamma. Last contact {day.day} {day:%B %Y}. Agreed: every 30 days. Need: medium."
        in page
    )
    assert page.count('scope="col"') == 1 + 9
    assert page.count('scope="row"') == 3 + 1


def test_head_of_a_district_sees_its_sectors(client, sectors):
    page = page_of(client, head_of_district(sectors[0].district))
    assert "Alpha" in page
    assert "Gamma" not in page


def test_officer_sees_own_sectors(client, sectors):
    user = AssignmentFactory(attached=True, sector=sectors[1], officer__user=UserFactory()).officer.user
    page = page_of(client, user)
    assert "Beta" in page
    assert "Alpha" not in page


def test_one_district_is_chosen(client, sectors):
    head = head_of(sectors[0].station)
    page = page_of(client, head, "/log/matrix/?district=south")
    assert "3 Gamma" in page
    assert "1 Alpha" not in page
    assert "1 Alpha" in page_of(client, head, "/log/matrix/?district=%00nowhere")


def test_who_neither_works_nor_heads_is_told_so(client, sectors):
    assert "You neither work in a sector nor head one" in page_of(client, UserFactory())


def test_queries_do_not_grow_with_the_sectors(client, sectors, django_assert_max_num_queries):
    head = head_of(sectors[0].station)
    client.force_login(head)
    with django_assert_max_num_queries(14):
        client.get("/log/matrix/")


def test_start_page_names_the_neglected_groups_of_own_sectors(client, sectors):
    user = AssignmentFactory(sector=sectors[2], officer__user=UserFactory()).officer.user
    page = page_of(client, user, "/log/")
    assert "Neglected groups" in page
    assert "12 days overdue" in page
    assert "12 days overdue" in page_of(client, user, "/log/sectors/gamma/")


def test_start_page_is_silent_where_nobody_is_neglected(client, sectors):
    user = AssignmentFactory(sector=sectors[0], officer__user=UserFactory()).officer.user
    assert "Neglected groups" not in page_of(client, user, "/log/")


def test_head_is_told_how_many_are_neglected_and_finds_the_sectors(client, sectors):
    page = page_of(client, head_of(sectors[0].station), "/log/")
    assert "<strong>1</strong> group is neglected in the sectors that you head." in page
    assert 'href="/log/matrix/"' in page
    assert 'href="/log/sectors/alpha/"' in page
    assert "Neglected groups" not in page_of(client, head_of_district(sectors[0].district), "/log/")
