"""The rule of who answers, against the same rule written in SQL, over random rows and instants."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from officers.models import Absence, Assignment, Cover, Portrait
from officers.responsibility import answerable
from officers.rota import Basis
from sectors.snapshot import Snapshot
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    OfficerFactory,
    SectorFactory,
    between,
)

HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2027, 5, 3, 12, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)

ORACLE = """
WITH away AS (SELECT officer_id FROM officers_absence WHERE withdrawn_at IS NULL AND period @> %(at)s::timestamptz),
holding AS (
    SELECT * FROM officers_assignment
    WHERE sector_id = %(sector)s AND withdrawn_at IS NULL AND period @> %(at)s::timestamptz
),
answering AS (
    SELECT 1 AS rank, 'responsible' AS basis, officer_id, id FROM holding WHERE role = 'responsible'
    UNION ALL
    SELECT 2, 'cover', officer_id, id FROM officers_cover
    WHERE sector_id = %(sector)s AND withdrawn_at IS NULL AND period @> %(at)s::timestamptz
    UNION ALL
    SELECT 3, 'stand_in', officer_id, id FROM holding WHERE is_stand_in
)
SELECT basis, officer_id, id, (SELECT id FROM holding WHERE role = 'responsible')
FROM (SELECT * FROM answering UNION ALL SELECT 4, 'district', NULL, NULL) everybody
WHERE officer_id IS NULL OR officer_id NOT IN (SELECT officer_id FROM away)
ORDER BY rank LIMIT 1
"""


def oracle(sector: int, at: datetime.datetime) -> tuple:
    """Return basis, officer, the row by which they answer, and the appointment of whoever is responsible."""
    with connection.cursor() as cursor:
        cursor.execute(ORACLE, {"sector": sector, "at": at})
        return cursor.fetchone()


PERIODS = st.tuples(st.integers(-9, 9), st.none() | st.integers(1, 9)).map(
    lambda drawn: DateTimeTZRange(
        NOON + drawn[0] * HOUR, None if drawn[1] is None else NOON + (drawn[0] + drawn[1]) * HOUR
    )
)
PLACES = st.integers(0, 3)
KINDS = ["responsible", "stand_in", "attached", "absence", "absence", "cover", "cover"]
ROWS = st.lists(st.tuples(st.sampled_from(KINDS), PLACES, PERIODS), min_size=4, max_size=14)


def changes(rows) -> list[datetime.datetime]:
    """Return every instant at which something begins or ends."""
    return sorted({instant for *_, period in rows for instant in (period.lower, period.upper) if instant})


def write(kind: str, sector, officer, period: DateTimeTZRange) -> None:
    """Store a row, unless the database says that it cannot be."""
    try:
        with transaction.atomic():
            if kind == "absence":
                Absence.objects.create(officer=officer, period=period)
            elif kind == "cover":
                _cover(sector, officer, period)
            else:
                role = "responsible" if kind == "responsible" else "attached"
                Assignment.objects.create(
                    sector=sector, officer=officer, role=role, is_stand_in=kind == "stand_in", period=period
                )
    except IntegrityError:
        pass


def _cover(sector, officer, period) -> None:
    """Cover for the part of the period in which somebody who is responsible at some time is away."""
    absence = Absence.objects.filter(
        period__overlap=period, officer__assignments__sector=sector, officer__assignments__role="responsible"
    ).first()
    if absence:
        lower = max(period.lower, absence.period.lower)
        upper = min((end for end in (period.upper, absence.period.upper) if end), default=None)
        Cover.objects.create(
            absence=absence, sector=sector, officer=officer, period=DateTimeTZRange(lower, upper)
        )


@pytest.fixture
def people(db) -> list:
    return [OfficerFactory() for _ in range(4)]


@time_machine.travel(NOON, tick=False)
@given(rows=ROWS, shuffle=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def _agrees(sector, people, rows, shuffle):
    instants = [change + step * MICROSECOND for change in changes(rows) for step in (-1, 0, 1)]
    shuffle.shuffle(instants)
    with transaction.atomic():
        for kind, place, period in rows:
            write(kind, sector, people[place], period)
        Snapshot.forget_all()
        later = [(change, oracle(sector.pk, change)) for change in changes(rows)]
        for instant in instants:
            answer, told = answerable(sector.pk, instant), oracle(sector.pk, instant)
            assert (answer.basis, answer.officer_id) == told[:2], instant
            assert (answer.absent is not None) is (told[3] is not None and told[0] != "responsible")
            if answer.is_cover and (answer.absent or answer.basis is Basis.COVER):
                until = next((change for change, then in later if change > instant and then != told), None)
                assert answer.cover_until == until, instant
        transaction.set_rollback(True)


def test_answer_of_past_and_future_is_the_oracles(people):
    _agrees(SectorFactory(), people)


@pytest.fixture
def post(db):
    """The appointment of the officer whose holiday it is."""
    return AssignmentFactory(officer__name="Rita Fictional")


def away(post, begins: float = -1, ends: float = 9) -> Absence:
    return AbsenceFactory(officer=post.officer, period=between(days=(begins, ends)))


def covered(absence, post, **values) -> Cover:
    return CoverFactory(absence=absence, sector=post.sector, officer__name="Ole Over", **values)


def stand_in_for(post) -> Assignment:
    return AssignmentFactory(
        sector=post.sector, officer__name="Stine Stand", role=Assignment.Role.ATTACHED, is_stand_in=True
    )


def test_cover_answers_with_its_end_and_names_the_absent(post):
    absence = away(post)
    cover = covered(absence, post, period=between(days=(-1, 5)))
    answer = answerable(post.sector_id)
    assert (answer.officer.name, answer.basis, answer.is_cover) == ("Ole Over", Basis.COVER, True)
    assert (answer.cover_until, answer.since, answer.officer_id) == (
        cover.period.upper,
        None,
        cover.officer_id,
    )
    assert (answer.absent.officer.name, answer.absent.until) == ("Rita Fictional", absence.period.upper)


def test_stand_in_answers_until_the_absence_ends_when_nobody_covers(post):
    absence, stand_in = away(post), stand_in_for(post)
    answer = answerable(post.sector_id)
    assert (answer.officer_id, answer.basis) == (stand_in.officer_id, Basis.STAND_IN)
    assert (answer.is_cover, answer.cover_until) == (True, absence.period.upper)
    assert not answer.colleagues


def test_stand_in_answers_without_end_while_the_sector_is_vacant(post):
    stand_in = stand_in_for(AssignmentFactory(sector=post.sector, attached=True))
    Assignment.objects.filter(pk=post.pk).update(
        period=DateTimeTZRange(post.period.lower, timezone.now() + MICROSECOND)
    )
    answer = answerable(post.sector_id)
    assert (answer.officer_id, answer.cover_until, answer.absent) == (stand_in.officer_id, None, None)


def test_nobody_answers_while_cover_and_stand_in_are_away_too(post):
    cover, stand_in = covered(away(post), post), stand_in_for(post)
    for officer in (cover.officer, stand_in.officer):
        AbsenceFactory(officer=officer)
    answer = answerable(post.sector_id)
    assert (answer.officer, answer.basis, answer.is_cover) == (None, Basis.DISTRICT, False)
    assert answer.absent.officer.name == "Rita Fictional"
    assert not answer.colleagues


def test_colleagues_are_those_at_work(post):
    AbsenceFactory(officer=AssignmentFactory(sector=post.sector, attached=True).officer)
    present = AssignmentFactory(sector=post.sector, attached=True).officer
    assert [colleague.name for colleague in answerable(post.sector_id).colleagues] == [present.name]


def test_stand_in_answers_until_a_planned_cover_begins(post):
    stand_in_for(post)
    cover = covered(away(post), post, period=between(days=(3, 5)))
    assert answerable(post.sector_id).cover_until == cover.period.lower


def test_cover_answers_until_the_covering_officer_goes_away(post):
    cover = covered(away(post), post)
    own = AbsenceFactory(officer=cover.officer, period=between(days=(3, 5)))
    assert answerable(post.sector_id).cover_until == own.period.lower


def test_absence_upon_absence_is_told_as_one(post):
    first = away(post)
    AbsenceFactory(
        officer=post.officer, period=DateTimeTZRange(first.period.upper, first.period.upper + HOUR)
    )
    assert answerable(post.sector_id).absent.until == first.period.upper + HOUR


def test_withdrawn_absence_changes_nothing(post):
    absence = away(post, 1, 2)
    Absence.objects.filter(pk=absence.pk).update(withdrawn_at=timezone.now())
    assert answerable(post.sector_id, absence.period.lower).basis is Basis.RESPONSIBLE


def test_answer_changes_at_the_very_instant_without_a_query(post, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    absence = away(post, 1, 5)
    covered(absence, post)
    answerable(post.sector_id)
    begins, ends = absence.period.lower, absence.period.upper
    told = {
        begins - MICROSECOND: "Rita Fictional",
        begins: "Ole Over",
        ends - MICROSECOND: "Ole Over",
        ends: "Rita Fictional",
    }
    with django_assert_num_queries(0):
        for instant, name in told.items():
            with time_machine.travel(instant, tick=False):
                assert answerable(post.sector_id).officer.name == name


def test_the_same_answer_stands_for_all_instants_between_two_changes(post):
    absence = away(post, 1, 5)
    inside = answerable(post.sector_id, absence.period.lower)
    assert answerable(post.sector_id, absence.period.upper - MICROSECOND) is inside
    assert answerable(post.sector_id, absence.period.upper) is not inside


def test_who_it_was_stays_true_after_absence_and_cover_are_over(post):
    cover = covered(away(post, -9, -3), post)
    answer = answerable(post.sector_id, timezone.now() - datetime.timedelta(days=5))
    assert (answer.officer_id, answer.is_cover) == (cover.officer_id, True)
    assert answerable(post.sector_id).basis is Basis.RESPONSIBLE


def test_one_query_loads_everything(post, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    covered(away(post), post)
    with django_assert_num_queries(2):  # the register's version, and all rows
        answerable(post.sector_id)


def test_answer_carries_the_portraits_digest(post):
    Portrait.objects.create(officer=post.officer, digest="ab12", small=b"s", medium=b"m", large=b"l")
    assert answerable(post.sector_id).officer.portrait == "ab12"
    covered(away(post), post)
    answer = answerable(post.sector_id)
    assert (answer.officer.portrait, answer.absent.officer.portrait) == ("", "ab12")
