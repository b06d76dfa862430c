"""A referral's text is in its ciphertext and nowhere else: not in any table, Redis, a log, a mail, a session."""

import io
import logging
import uuid

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection

from notifications.delivery import deliver_due
from sectorlog.models import LogEntry, SourceReferral
from tests.factories import LogEntryFactory, SectorFactory, first_form
from tests.sectorlog.source_handling import key_for, key_pair, officer_in, opened

pytestmark = pytest.mark.django_db

CANARY = "kanariefugl7f3a9"
TEXT = f"Narko: {CANARY} æøå 010203-1234"


def columns() -> list[tuple[str, str]]:
    """Return every column of every table that may hold a text, partitions and unmanaged tables included."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT quote_ident(table_schema) || '.' || quote_ident(table_name), quote_ident(column_name)
            FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
              AND udt_name NOT IN ('int2', 'int4', 'int8', 'bool', 'timestamptz', 'date', 'uuid', 'geometry')
        """)
        return cursor.fetchall()


def tables_with(text: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table, column in columns():
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {column}::text ILIKE %s OR {column}::text ILIKE %s",
                [f"%{text}%", f"%{text.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def store() -> redis.Redis:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host", "db")
    return redis.Redis.from_url(url)


def redis_dump() -> str:
    """Return every key and value of the tests' Redis, of whatever kind, as text."""
    return " ".join(f"{key!r}{store().dump(key)!r}" for key in store().scan_iter())


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def officer(client, sector):
    key_for(sector, key_pair())
    user = officer_in(sector, email="officer@police.example")
    client.force_login(user)
    return user


@pytest.fixture
def everything_logged(caplog):
    """Every log record, of whatever level, as the console would show it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    caplog.set_level(logging.DEBUG)
    root.addHandler(handler)
    yield lambda: stream.getvalue() + caplog.text
    root.removeHandler(handler)


def send(client, sector, **more):
    data = {"text": TEXT, "sector": sector.pk, "send": "1", **more}
    return client.post("/log/source/", data)


def by_the_page(client, sector):
    client.get("/log/source/")
    return send(client, sector)


def by_the_button(client, sector):
    """The reminder was tapped beside a field of an entry."""
    typed = {"text": TEXT, "source_fields": "text", "source_sector": sector.slug, "uuid": str(uuid.uuid4())}
    checked = client.post("/log/source/", typed)
    assert CANARY in checked.content.decode()
    return send(client, sector, draft=typed["uuid"])


def by_the_question(client, sector):
    """An entry was to be saved, its form asked, and it was one for source handling."""
    entry = {
        "uuid": str(uuid.uuid4()),
        "sector": sector.slug,
        "form": "observation",
        "form_version": str(first_form("observation").pk),
        "text": TEXT,
    }
    answer = client.post("/log/entries/new/", entry)
    assert answer.status_code == 422
    assert "source_question" in answer.content.decode() or "source handling" in answer.content.decode()
    assert not LogEntry.objects.exists()
    return by_the_button(client, sector)


def with_failures(client, sector):
    """Too long, without a sector, with a file: refused and sent again."""
    assert send(client, sector, text=f"{TEXT} {'x' * 100_000}").status_code == 422
    assert client.post("/log/source/", {"text": TEXT, "sector": "", "send": "1"}).status_code == 422
    assert send(client, sector, draft=TEXT).status_code == 302
    client.post("/log/source/", {"note": TEXT, "file": io.BytesIO(TEXT.encode())})
    client.get("/log/source/sent/", {"draft": "none"})
    return send(client, sector)


@pytest.mark.parametrize("way", [by_the_page, by_the_button, by_the_question, with_failures])
def test_a_referrals_text_is_nowhere_else(client, officer, sector, everything_logged, tmp_path, way):
    assert way(client, sector).status_code == 302
    deliver_due()
    sent = [opened(referral, key_pair())["text"] for referral in SourceReferral.objects.all()]
    assert TEXT in sent
    assert tables_with(CANARY) == []
    assert CANARY not in redis_dump()
    assert CANARY not in everything_logged()
    assert mail.outbox
    assert CANARY not in "".join(str(message.message()) for message in mail.outbox)
    assert CANARY not in str(dict(client.session))
    assert CANARY not in str(client.cookies)


def test_read_and_handed_over_it_is_still_nowhere_else(client, officer, sector, everything_logged):
    by_the_page(client, sector)
    referral = SourceReferral.objects.get()
    sealed = referral.sealed
    client.force_login(referral.key.made_by)
    address = f"/log/source/referrals/{referral.uuid}/"
    client.post(address, {"purpose": "To hand it over"})
    client.post(f"{address}handed-over/", {"to": "Poul"})
    assert tables_with(CANARY) == []
    # Not even the sealed text stays behind, in the log of changes or elsewhere.
    assert tables_with(sealed.split(".")[3][:40]) == []
    assert CANARY not in everything_logged()


def test_the_search_finds_a_canary_where_there_is_one(officer, sector):
    """The searches above can fail."""
    LogEntryFactory(sector=sector, author=officer, text=CANARY)
    assert "public.sectorlog_logentry.text" in tables_with(CANARY)
    store().set("canary", CANARY, ex=60)
    assert CANARY in redis_dump()
    store().delete("canary")
