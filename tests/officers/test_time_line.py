"""A sector's time line, on its page in the admin: rows that say everything, a drawing of a year."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.time_line import WIDTH, drawn, rows_of
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    SectorFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def filled(sector):
    """Somebody responsible who goes away, with cover, and a successor."""
    present = AssignmentFactory(
        sector=sector, officer__name="Present", period=DateTimeTZRange(in_days(-400), in_days(60))
    )
    AssignmentFactory(sector=sector, officer__name="Future", period=DateTimeTZRange(in_days(60), None))
    away = AbsenceFactory(officer=present.officer, period=DateTimeTZRange(in_days(5), in_days(15)))
    CoverFactory(absence=away, sector=sector, officer__name="Helper")
    return sector


def test_rows_tell_appointments_absences_and_covers_the_latest_first(filled):
    rows = rows_of(filled, head_of(filled.station))
    assert [(row.kind, row.officer, row.state) for row in rows] == [
        ("responsible", "Future", "planned"),
        ("absence", "Present", "planned"),
        ("cover", "Helper", "planned"),
        ("responsible", "Present", "now"),
    ]


def test_what_was_withdrawn_is_no_part_of_it(sector):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(9), None), withdrawn_at=timezone.now())
    assert rows_of(sector, head_of(sector.station)) == []


def test_bars_follow_one_another_inside_the_drawing(filled):
    now = timezone.now()
    drawing = drawn(rows_of(filled, head_of(filled.station)), now)
    [before, after] = sorted(
        (bar for bar in drawing.bars if bar.kind == "responsible"), key=lambda bar: bar.x
    )
    assert (before.x, before.x + before.width, after.x + after.width) == (0, after.x, WIDTH)
    [away] = [bar for bar in drawing.bars if bar.kind == "absence"]
    assert drawing.now < away.x < away.x + away.width < after.x
    assert drawing.now == WIDTH // 2


def test_what_lies_far_off_is_not_drawn(sector):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-900), in_days(-700)))
    rows = rows_of(sector, head_of(sector.station))
    assert len(rows) == 1
    assert drawn(rows, timezone.now()) is None


def test_many_officers_make_a_drawing_of_bounded_height(sector):
    for number in range(20):
        AssignmentFactory(sector=sector, officer__name=f"Officer {number}", attached=True)
    drawing = drawn(rows_of(sector, head_of(sector.station)), timezone.now())
    assert len(drawing.names) == 12


def test_the_page_of_the_sector_shows_both(client, filled):
    client.force_login(head_of(filled.station))
    content = client.get(reverse("admin:sectors_sector_change", args=[filled.pk])).content.decode()
    assert content.count("<rect") == 4
    for name in ("Present", "Future", "Helper"):
        assert name in content
    assert "style=" not in content[content.index('id="time-line"') :]


def test_a_district_head_sees_it_too(client, filled):
    client.force_login(head_of_district(filled.district))
    content = client.get(reverse("admin:sectors_sector_change", args=[filled.pk])).content.decode()
    assert "Helper" in content
