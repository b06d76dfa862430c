import datetime
import time

import pytest
from django.db import OperationalError
from django.utils import timezone

from sectors import snapshot
from sectors.snapshot import Loaded, Snapshot, Watch


class Database:
    """Stands for a database that can go away."""

    def __init__(self):
        self.number = 1
        self.is_away = False
        self.asked = 0

    def read(self) -> int:
        self.asked += 1
        if self.is_away:
            raise OperationalError("away")
        return self.number


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def copy(database):
    return Snapshot(lambda _now: Loaded(f"as of {database.read()}"), Watch(database.read))


def test_change_is_noticed(database, copy):
    assert copy.get() == "as of 1"
    database.number = 2
    assert copy.get() == "as of 2"


def test_copy_goes_on_while_the_database_is_away(database, copy):
    copy.get()
    database.is_away = True
    assert copy.get() == "as of 1"


def test_outage_is_noticed_by_one_request_and_not_by_each(database, copy):
    copy.get()
    database.is_away, database.asked = True, 0
    for _request in range(50):
        copy.get()
    assert database.asked == 1


def test_change_is_noticed_after_an_outage(database, copy, monkeypatch):
    monkeypatch.setattr(snapshot, "OUTAGE_PAUSE", 0.01)
    copy.get()
    database.is_away = True
    copy.get()
    database.is_away, database.number = False, 2
    time.sleep(0.02)
    assert copy.get() == "as of 2"


def test_copy_that_is_over_goes_on_while_the_database_is_away(database, monkeypatch):
    over = timezone.now() + datetime.timedelta(milliseconds=20)
    copy = Snapshot(lambda _now: Loaded(database.read(), until=over), Watch(lambda: 0))
    assert copy.get() == 1
    database.is_away = True
    time.sleep(0.03)
    assert copy.get() == 1


def test_without_any_copy_the_outage_is_told(database, copy):
    database.is_away = True
    with pytest.raises(OperationalError):
        copy.get()


@pytest.mark.django_db
def test_a_process_begins_without_its_copies_while_the_database_is_away(database, copy, caplog):
    database.is_away = True
    Snapshot.load_all()
    assert "the first request tries again" in caplog.text
    database.is_away = False
    assert copy.get() == "as of 1"
