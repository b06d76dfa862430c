"""Fills a database with log entries of 19 sectors over ten years, in SQL: 10 million take about a quarter of an hour.

The texts are made of sentences of a pool, those of Danish and English words drawn by Zipf's law, so that a word is as
frequent in a small log as in a large one. Each entry also names one of N / 4 case numbers: four entries have each.
"""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from officers.models import Unit, User
from sectorlog.models import Challenge, Party
from sectors.models import Sector, Station
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
)

DISTRICTS = {"north-east": 9, "north-west": 5, "frederiksberg": 5}
AUTHORS, PARTIES, CHALLENGES = 10, 200, 20  # a sector
YEARS = 10
SENTENCES, WORDS_A_SENTENCE = 40_000, 10
BATCH = 500_000

# The most frequent ones first.
WORD_LIST = """
og the i and det to at of en a på was til with var that med they som he der she ikke for de on han not hun from af
by den but et about om young fra shop efter club ved owner men street blev school talte burglary cykel noise børn
moped unge yard butik kiosk forening square beboer park gade guard plads neighbour skole stairs indbrud cellar larm
agreed knallert visit klub meeting gård talk torv traffic leder car vagt bicycle nabo path opgang bus kælder
station aftale homeless besøg bench møde party samtale holiday trafik door bil lock cykelsti gate hjemløs theft
bænk vandalism fest safe ferie happy trappe angry dør calm lås evening port night tyveri morning hærværk week tryg
day glad winter vred summer rolig fire aften money nat phone morgen camera uge light dag dark måned tenant vinter
board sommer teacher ild parents bål football knive church penge mosque telefon library kamera drunk lys scooter
mørke letter bibliotek
"""
WORDS = WORD_LIST.split()

TABLES = (
    "sectorlog_logentry",
    "sectorlog_entrysearch",
    "sectorlog_entrygroup",
    "sectorlog_entryparty",
    "sectorlog_entrychallenge",
)

# Everything about an entry is drawn from its number.
DRAW = """
CREATE FUNCTION draw(number bigint, what int, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8(number * 31 + what) & 2147483647) %% below $$;
CREATE TABLE sentences AS
SELECT number - 1 AS number, text, sectorlog_words(text) AS words
FROM unnest(%(sentences)s::text[]) WITH ORDINALITY pool(text, number);
ALTER TABLE sentences ADD PRIMARY KEY (number);
CREATE TABLE places AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, id AS sector_id, station_id,
    (SELECT array_agg(author_id) FROM unnest(%(authors)s::bigint[], %(posts)s::bigint[]) post(author_id, at)
        WHERE at = sector.id) AS authors,
    ARRAY(SELECT id FROM sectorlog_party WHERE sector_id = sector.id) AS parties,
    ARRAY(SELECT id FROM sectorlog_challenge WHERE sector_id = sector.id) AS challenges
FROM sectors_sector sector;
CREATE TABLE forms AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, id AS version_id, template_id FROM sectorlog_formversion;
CREATE TABLE kinds AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, id AS group_id FROM sectorlog_targetgroup;
ANALYZE sentences;
"""

DRAWN = """
CREATE UNLOGGED TABLE drawn AS
SELECT n.number AS id,
    %(since)s::timestamptz + n.number * %(step)s - draw(n.number, 1, 7200) * interval '1 second' AS happened_at,
    places.sector_id, places.station_id, places.authors[1 + draw(n.number, 2, 10)] AS author_id,
    forms.version_id, forms.template_id,
    (ARRAY['dialogue','dialogue','dialogue','advice','conflict','referred','warning','fine','charge','arrest',
        '','','','',''])[1 + draw(n.number, 5, 15)] AS outcome,
    CASE WHEN draw(n.number, 6, 100) = 0 THEN %(unit)s::bigint END AS unit_id,
    draw(n.number, 7, 20) = 0 AS comes_back, draw(n.number, 8, 10) > 0 AS came_back,
    CASE WHEN draw(n.number, 9, 10) < 6
        THEN ST_Point(12.45 + draw(n.number, 13, 1000) * 0.0002, 55.65 + draw(n.number, 14, 1000) * 0.0001, 4326)
    END AS place,
    CASE WHEN draw(n.number, 10, 10) < 6 THEN kinds.group_id END AS group_id,
    CASE WHEN draw(n.number, 11, 10) < 3 THEN places.parties[1 + draw(n.number, 15, 200)] END AS party_id,
    CASE WHEN draw(n.number, 12, 10) < 1 THEN places.challenges[1 + draw(n.number, 16, 20)] END AS challenge_id,
    one.text || ' ' || other.text || ' sag' || draw(n.number, 17, %(cases)s) AS text,
    one.words || other.words || array_to_tsvector(ARRAY['sag' || draw(n.number, 17, %(cases)s)]) AS words
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n(number)
JOIN places ON places.number = draw(n.number, 18, %(sectors)s)
JOIN forms ON forms.number = draw(n.number, 4, 8)
JOIN kinds ON kinds.number = draw(n.number, 19, 9)
JOIN sentences one ON one.number = draw(n.number, 20, {sentences})
JOIN sentences other ON other.number = draw(n.number, 21, {sentences})
""".replace("{sentences}", str(SENTENCES))  # fmt: skip

ENTRIES = """
INSERT INTO sectorlog_logentry (id, uuid, review_on, sector_id, author_id, form_version_id, happened_at, written_at,
    text, values, outcome, place, place_precision, place_text, flagged_for_id, follow_up_on, follow_up_done_at)
SELECT id, lpad(to_hex(id), 32, '0')::uuid, current_date + 700, sector_id, author_id, version_id, happened_at,
    happened_at, text, '{}', outcome, place, CASE WHEN place IS NOT NULL THEN 100 END, '', unit_id,
    CASE WHEN comes_back THEN happened_at::date + 14 END, CASE WHEN comes_back AND came_back THEN happened_at END
FROM drawn ORDER BY id
"""
# What `sectorlog_document` makes of each, without reading each sentence 500 times.
SEARCH = """
INSERT INTO sectorlog_entrysearch
SELECT id, happened_at, setweight(words, 'A') || array_to_tsvector(array_remove(
    sectorlog_spans('sector ' || sector_id, happened_at) || sectorlog_spans('station ' || station_id, happened_at)
    || ARRAY['author ' || author_id, 'form ' || template_id, 'outcome ' || nullif(outcome, ''),
        'flagged ' || (unit_id IS NOT NULL), CASE WHEN comes_back THEN 'follow-up ' || (NOT came_back) END,
        'cell ' || floor(ST_X(place) / 0.004) || ' ' || floor(ST_Y(place) / 0.0025),
        'area ' || floor(ST_X(place) / 0.02) || ' ' || floor(ST_Y(place) / 0.0125),
        'group ' || group_id, 'party ' || party_id, 'challenge ' || challenge_id], NULL))
FROM drawn ORDER BY id
"""
LINKS = """
INSERT INTO sectorlog_entry{kind} (entry_id, {kind}_id, sector_id, happened_at)
SELECT id, {kind}_id, sector_id, happened_at FROM drawn WHERE {kind}_id IS NOT NULL ORDER BY id
"""
DIFFERENT = """
SELECT count(*) FROM sectorlog_logentry entry JOIN sectorlog_entrysearch found ON found.entry_id = entry.id
WHERE entry.id % (SELECT greatest(max(id) / 200, 1) FROM sectorlog_logentry) = 0
    AND tsvector_to_array(found.document) <> tsvector_to_array(sectorlog_document(entry))
"""


def fill(rows: int, districts: Mapping[str, int] = DISTRICTS, *, with_search: bool = True) -> None:
    """Fill the connected, empty database with so many entries of the districts, each with so many sectors.

    A sector has so many officers and parties as ever. Without `with_search` no text can be searched for.
    """
    begun = time.perf_counter()
    make_world(districts)
    since = timezone.now() - datetime.timedelta(days=365 * YEARS)
    values = {"since": since, "step": datetime.timedelta(days=365 * YEARS) / rows, "cases": max(rows // 4, 1)}
    values["sectors"] = sum(districts.values())
    values["unit"] = Unit.objects.get_or_create(name="Gang Division")[0].pk
    with connection.cursor() as cursor:
        # Without triggers: a superuser may say so. Nothing guards these rows, and no log of changes grows.
        cursor.execute(
            "SET session_replication_role = replica; SET maintenance_work_mem = '2GB'; SET jit = off"
        )
        indexes = _taken_off(cursor)
        cursor.execute("ALTER TABLE sectorlog_entrysearch SET UNLOGGED")
        for first in range(1, rows + 1, BATCH):
            last = min(first + BATCH - 1, rows)
            _add(cursor, {**values, "first": first, "last": last}, with_search)
            print(f"\r{last:,} entries … {time.perf_counter() - begun:.0f} s", end="", flush=True)
        for index in indexes:
            cursor.execute(index)
            print(f"\rindexes … {time.perf_counter() - begun:.0f} s      ", end="", flush=True)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        if with_search:
            _compare(cursor)
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        print(f"\r{rows:,} entries in {time.perf_counter() - begun:.0f} s, {cursor.fetchone()[0]} on disk")


def _compare(cursor: Any) -> None:
    """Raise RuntimeError where the documents of the search are not what the database makes of their entries."""
    cursor.execute(DIFFERENT)
    if (different := cursor.fetchone()[0]) != 0:
        raise RuntimeError(f"{different} of 200 rows are not what the database would make of their entries.")


def make_world(districts: Mapping[str, int]) -> None:
    """Make the station, its people, parties and challenges, and the sentences."""
    station = StationFactory(name="Benchmark", slug="benchmark")
    posts: list[tuple[User, Sector]] = []
    number = 0
    for name, sectors in districts.items():
        district = DistrictFactory(station=station, slug=name)
        for _one in range(sectors):
            number += 1
            sector = SectorFactory(district=district, number=number, slug=f"sector-{number}")
            posts += [(_author(f"Author {number}.{one}", sector), sector) for one in range(AUTHORS)]
            Party.objects.bulk_create(
                Party(sector=sector, name=f"Party {number}.{one}") for one in range(PARTIES)
            )
            author = posts[-1][0]
            Challenge.objects.bulk_create(
                Challenge(sector=sector, title=f"Challenge {number}.{one}", opened_by=author)
                for one in range(CHALLENGES)
            )
    officer = OfficerFactory(station=station, user=UserFactory(email="officer@benchmark.example"))
    AssignmentFactory(officer=officer, sector=Sector.objects.get(slug="sector-1"))
    LeadershipFactory(station=station, user__email="head@benchmark.example")
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "sentences": sentences(),
            "authors": [user.pk for user, _sector in posts],
            "posts": [sector.pk for _user, sector in posts],
        }
        cursor.execute(DRAW, parameters)


def _author(name: str, sector: Sector) -> User:
    """Return the account of an officer of the sector; nobody logs in to it."""
    email = f"{name.replace(' ', '.')}@benchmark.example"
    user = User.objects.create(name=name, email=email, password="!")  # noqa: S106  # no password
    officer = OfficerFactory(station=sector.station, name=name, user=user)
    AssignmentFactory(attached=True, officer=officer, sector=sector)
    return user


def vocabulary() -> list[str]:
    """Return the words by their rank: those that everybody uses, then what is put together of them."""
    long = [word for word in WORDS if len(word) > 3]
    pairs = [one + other for one in long for other in long if one != other]
    random.Random(7).shuffle(pairs)
    return [*WORDS, *pairs]


def sentences() -> list[str]:
    chance, words = random.Random(11), vocabulary()
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    drawn = chance.choices(words, weights, k=SENTENCES * WORDS_A_SENTENCE)
    return [
        " ".join(drawn[start : start + WORDS_A_SENTENCE]).capitalize() + "."
        for start in range(0, len(drawn), WORDS_A_SENTENCE)
    ]


def _add(cursor: Any, values: dict[str, Any], with_search: bool) -> None:
    cursor.execute(DRAWN, values)
    cursor.execute("ANALYZE drawn")
    cursor.execute(ENTRIES)
    if with_search:
        cursor.execute(SEARCH)
    for kind in ("group", "party", "challenge"):
        cursor.execute(LINKS.replace("{kind}", kind))
    cursor.execute("DROP TABLE drawn")


def _taken_off(cursor: Any) -> list[str]:
    """Drop the tables' indexes that are no constraint, and return the statements that make them again."""
    cursor.execute(
        "SELECT indexdef, indexname FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conname = indexname)",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for _definition, name in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for definition, _name in found]


def is_filled(rows: int) -> bool:
    """Tell whether a database has been filled with so many entries."""
    if not Station.objects.filter(slug="benchmark").exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM sectorlog_logentry")
        return bool(cursor.fetchone()[0] == rows)
