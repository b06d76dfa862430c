import datetime
import itertools

import pytest
from django.utils import timezone

from sectorlog.mirror import Balance, Extreme, balance
from sectorlog.mirror_chart import MIDDLE, SIDE, WIDTH, drawn
from sectorlog.models import Outcome
from tests.factories import (
    AssignmentFactory,
    LogEntryFactory,
    SectorFactory,
    UserFactory,
    days_ago,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/log/sectors/tingbjerg/mirror/"


@pytest.fixture
def sector():
    return SectorFactory(name="Tingbjerg", slug="tingbjerg")


@pytest.fixture
def officer(sector):
    return AssignmentFactory(
        attached=True, sector=sector, officer__user=UserFactory(name="Ole Attached")
    ).officer.user


def entries(sector, count: int, outcome: str, *, days: float = 5, **fields):
    happened_at = days_ago(days)
    for _number in range(count):
        LogEntryFactory(sector=sector, outcome=outcome, happened_at=happened_at, **fields)


def page_of(client, user, address: str = ADDRESS, *, status: int = 200) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("words", "sanctions", "extreme"),
    [
        (0, 0, None),
        (19, 0, None),
        (20, 0, Extreme.TALK),
        (0, 20, Extreme.CHARGES),
        (18, 2, None),
        (19, 1, Extreme.TALK),
        (1, 19, Extreme.CHARGES),
        (2, 18, None),
        (10, 10, None),
    ],
)
def test_extremes_begin_beyond_nine_of_ten_from_twenty_contacts_on(words, sanctions, extreme):
    assert Balance({Outcome.DIALOGUE: words, Outcome.CHARGE: sanctions}).extreme == extreme


def test_balance_counts_the_sectors_contacts_of_the_days(sector):
    entries(sector, 3, Outcome.DIALOGUE)
    entries(sector, 1, Outcome.ARREST)
    entries(sector, 2, "")
    entries(sector, 1, Outcome.FINE, days=40)
    entries(SectorFactory(), 1, Outcome.FINE)
    today = timezone.localdate()
    in_all, _quarters = balance(sector, today - datetime.timedelta(days=30), today)
    assert in_all.counts == {"dialogue": 3, "arrest": 1}
    assert (in_all.pragmatic, in_all.offensive, in_all.total) == (3, 1, 4)


def test_days_and_quarters_are_those_of_the_sites_clock(sector):
    """Half past midnight in Copenhagen is still the day before in UTC."""
    new_year = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.UTC)
    LogEntryFactory(sector=sector, outcome=Outcome.FINE, happened_at=new_year)
    day = datetime.date(2026, 1, 1)
    in_all, quarters = balance(sector, day, day)
    assert in_all.total == 1
    assert [quarter.name for quarter in quarters] == ["Q1 2026"]
    eve = datetime.date(2025, 12, 31)
    assert balance(sector, eve, eve)[0].total == 0


def test_balance_is_one_query(sector, django_assert_num_queries):
    entries(sector, 2, Outcome.DIALOGUE)
    today = timezone.localdate()
    with django_assert_num_queries(1):
        balance(sector, today, today)


def test_parts_of_the_bar_touch_in_the_order_from_dialogue_to_arrest_and_words_end_in_the_middle():
    counts = {Outcome.ARREST: 1, Outcome.DIALOGUE: 31, Outcome.FINE: 7, Outcome.REFERRED: 2}
    (bar,) = drawn(Balance(counts)).bars
    assert [one.outcome for one in bar.segments] == ["dialogue", "referred", "fine", "arrest"]
    for one, other in itertools.pairwise(bar.segments):
        assert one.x + one.width == other.x
    assert bar.segments[2].x == MIDDLE


@pytest.mark.parametrize(
    ("outcome", "begins", "ends"),
    [(Outcome.ADVICE, SIDE, MIDDLE), (Outcome.CHARGE, MIDDLE, WIDTH - SIDE)],
    ids=["words", "sanctions"],
)
def test_bar_of_an_extreme_reaches_its_end(outcome, begins, ends):
    (segment,) = drawn(Balance({outcome: 9})).bars[0].segments
    assert (segment.x, segment.x + segment.width) == (begins, ends)


def test_table_has_each_outcome_with_its_share_and_nobodys_name(client, sector, officer):
    author = UserFactory(name="Rita Named")
    entries(sector, 3, Outcome.DIALOGUE, author=author)
    entries(sector, 1, Outcome.CHARGE, author=author)
    page = page_of(client, officer)
    for label, count, share in (("dialogue", 3, 75), ("report or charge", 1, 25), ("arrest", 0, 0)):
        assert f"{label} </th> <td>{count}</td> <td>{share} %</td>" in page
    assert "4 contacts" in page
    assert "Rita Named" not in page


def test_both_extremes_are_explained_though_there_is_nothing_to_show(client, officer):
    page = page_of(client, officer)
    assert "If it is only talk" in page
    assert "If it is only sanctions" in page
    assert "No entry of this period" in page


@pytest.mark.parametrize(
    ("outcome", "warning"),
    [
        (Outcome.DIALOGUE, "20 of 20 contacts ended with words."),
        (Outcome.FINE, "20 of 20 contacts ended with a"),
    ],
)
def test_warning_stands_at_either_extreme(client, sector, officer, outcome, warning):
    entries(sector, 20, outcome)
    page = page_of(client, officer)
    assert warning in page
    assert "Almost nothing but" in page


def test_no_warning_in_balance(client, sector, officer):
    entries(sector, 12, Outcome.DIALOGUE)
    entries(sector, 8, Outcome.FINE)
    page = page_of(client, officer)
    assert "20 contacts" in page
    assert "Almost nothing but" not in page


def test_year_and_free_period_reach_further_back(client, sector, officer):
    entries(sector, 4, Outcome.DIALOGUE, days=200)
    assert "4 contacts" not in page_of(client, officer)
    assert "4 contacts" in page_of(client, officer, f"{ADDRESS}?period=year")
    day = timezone.localdate() - datetime.timedelta(days=200)
    assert "4 contacts" in page_of(client, officer, f"{ADDRESS}?begins={day}&ends={day}")


@pytest.mark.parametrize(
    "question",
    [
        "begins=2026-05-02&ends=2026-05-01",
        "begins=yesterday&ends=",
        "begins=0001-01-01&ends=9999-12-31",
        "begins=2015-01-01&ends=2026-05-01",
        "ends=%00",
    ],
)
def test_periods_that_are_none_are_refused_in_words(client, officer, question):
    page = page_of(client, officer, f"{ADDRESS}?{question}", status=422)
    assert "field-error" in page


def test_heads_see_it_and_other_sectors_officers_do_not(client, sector):
    for head in (head_of(sector.station), head_of_district(sector.district)):
        assert "The mirror" in page_of(client, head)
    other = AssignmentFactory(sector=SectorFactory(district=sector.district), officer__user=UserFactory())
    page_of(client, other.officer.user, status=404)
