"""Every text that a person sees exists in Danish too."""

import ast
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
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
PLURAL = re.compile(
    r"{% blocktrans(?:late)?\b[^%]*%}(.*?){% plural %}(.*?){% endblocktrans(?:late)? %}", re.DOTALL
)
NAME = re.compile(r"{{ *(\w+) *}}")
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


def _of_python(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield singular and plural of each call of ngettext."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("ngettext"):
            singular, plural = (part.value for part in node.args[:2] if isinstance(part, ast.Constant))
            yield singular, plural


def _of_template(text: str) -> Iterator[tuple[str, str]]:
    for singular, plural in PLURAL.findall(text):
        yield tuple(NAME.sub(r"%(\1)s", part) for part in (singular, plural))


def _with_plural() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            yield from _of_python(ast.parse(path.read_text()))
    for path in (ROOT / "templates").rglob("*.*"):
        yield from _of_template(path.read_text())


def test_a_singular_has_one_plural():
    """The catalogue keeps one: the other's numbers would not fit into its translation."""
    plurals = defaultdict(set)
    for singular, plural in _with_plural():
        plurals[singular].add(plural)
    assert len(plurals) > 100
    assert {singular: found for singular, found in plurals.items() if len(found) > 1} == {}


def test_catalogue_is_sound():
    subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", str(ROOT / CATALOGUE)], check=True)
