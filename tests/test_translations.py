"""Every text that a person sees exists in Danish too."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
APPS = (
    "audit",
    "config",
    "contacts",
    "handbook",
    "notifications",
    "officers",
    "overview",
    "sectorlog",
    "sectors",
)
SOURCES = (*APPS, "templates", "locale")
CATALOGUE = Path("locale/da/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def renewed_catalogue(tmp_path_factory) -> Path:
    """Collect the texts of a copy of the sources into a copy of the Danish catalogue."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr(settings, "LOCALE_PATHS", [copy / "locale"])
        call_command("makemessages", locale=["da"], add_location="never", verbosity=0)
    return copy / CATALOGUE


@pytest.mark.parametrize("state", ["--untranslated", "--only-fuzzy", "--only-obsolete"])
def test_no_text_is_missing_doubtful_or_left_over(renewed_catalogue, state):
    found = subprocess.run(
        ["msgattrib", state, "--no-wrap", str(renewed_catalogue)], capture_output=True, text=True, check=True
    )
    texts = [line for line in found.stdout.splitlines() if line.startswith(("msgid ", "#~ msgid "))]
    assert [text for text in texts if text != 'msgid ""'] == []


def test_catalogue_is_sound():
    subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", str(ROOT / CATALOGUE)], check=True)
