import os
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import translation

from notifications import bell
from sectors.models import AnalysisDocument
from sectors.snapshot import Snapshot


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch):
    """Start each test without what an earlier one left in the process: copies of the register, a broker that was
    away, a language.
    """
    Snapshot.forget_all()
    monkeypatch.setattr(bell, "_rests_until", 0.0)
    translation.deactivate()


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
