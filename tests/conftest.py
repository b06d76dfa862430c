import importlib
import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from celery import current_app
from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from django.utils import translation

from notifications import bell
from overview.keeping import Kept
from sectorlog.models import TargetGroup
from sectors.models import AnalysisDocument
from sectors.snapshot import Snapshot
from tests import rows_kept

# A busy machine is slow: what must be quick says so in its own test.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let tests that commit leave the database as it was migrated, and send away whoever is still in it when it is
    dropped: threads of servers that have just ended.
    """
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            if rows_kept.may_be_kept():
                _put_back_instead_of_flushing(patch)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def _put_back_instead_of_flushing(patch: pytest.MonkeyPatch) -> None:
    """After each test that commits, put back the rows of the migrations, which Django's `flush` only empties."""
    # A database that is used again and was migrated further has other rows.
    place = f"as_migrated_{MigrationRecorder.Migration.objects.count()}"
    if not rows_kept.are_kept(place):
        rows_kept.keep(place)
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: rows_kept.put_back(place))


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch):
    """Start each test without what an earlier one left in the process: copies of the register, a broker that was
    away, a language.
    """
    Snapshot.forget_all()
    Kept.forget_all()
    monkeypatch.setattr(bell, "_rests_until", 0.0)
    translation.deactivate()


@pytest.fixture(autouse=True)
def _first_set(request):
    """Put back the handbook's groups and the first set of forms, which a migration writes, for tests with a database.

    Those that commit leave an empty database behind: the first set has gone with the rest.
    """
    with_database = {"db", "transactional_db", "live_server"}.intersection(request.fixturenames)
    if not with_database and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("transactional_db" if "live_server" in with_database else "db")
    if not TargetGroup.objects.filter(station=None).exists():
        importlib.import_module("sectorlog.migrations.0004_first_set").fill(apps, None)


@pytest.fixture
def broker_at() -> Iterator[Callable[[str], None]]:
    """Let the bell go to the broker at the address that is passed in, instead of running the task at once."""
    conf = current_app.conf
    before = conf.task_always_eager, conf.broker_url, conf.broker_write_url

    def use(url: str) -> None:
        conf.task_always_eager, conf.broker_url, conf.broker_write_url = False, url, url

    yield use
    conf.task_always_eager, conf.broker_url, conf.broker_write_url = before


@pytest.fixture
def no_broker(broker_at) -> None:
    """A broker's address where nobody listens."""
    broker_at("redis://127.0.0.1:1/0")


@pytest.fixture
def log_lines() -> Iterator[Callable[[], str]]:
    """What goes to the process's output: call it for what has been written so far."""
    (handler,) = (one for one in logging.getLogger().handlers if one.name == "console")
    output = io.StringIO()
    before = handler.setStream(output)
    yield output.getvalue
    handler.setStream(before)


@pytest.fixture
def documents_folder(monkeypatch, tmp_path) -> Path:
    """A folder of its own for the analysis documents of a test."""
    field = AnalysisDocument._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FileSystemStorage(tmp_path / "documents", base_url=None))
    return tmp_path / "documents"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real geography and addresses that the environment variable SHARED_DATA names."""
    folder = os.environ.get("SHARED_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SHARED_DATA names no folder of real data")
    return Path(folder)
