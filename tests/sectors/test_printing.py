"""PDFs: tagged, from the site's own files, with nothing from anywhere else."""

import re
import zlib

import pytest
from django.template import engines
from django.test import override_settings
from PIL import ImageFile

from sectors import printing
from sectors.printing import OutsideRefused, pdf

PAGE = "<html lang='en'><head><title>A page</title>{}</head><body><p>Guldbergsgade, æøå</p>{}</body></html>"


@pytest.fixture
def page(monkeypatch):
    def render(head: str = "", body: str = "") -> bytes:
        text = PAGE.format(head, body)
        monkeypatch.setattr(
            printing,
            "render_to_string",
            lambda name, context: engines["django"].from_string(text).render(context),
        )
        return pdf("any.html", {})

    return render


def test_a_page_becomes_a_tagged_pdf(page):
    content = page(head='<link rel="stylesheet" href="css/site.css">')
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in _unpacked(content)


def _unpacked(content: bytes) -> bytes:
    streams = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    return b"".join(zlib.decompress(stream) for stream in streams if stream.startswith(b"\x78"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.png",
        "https://example.com/a.png",
        "file:///etc/hostname",
        "../manage.py",
        "css/%2e%2e/%2e%2e/manage.py",
        "/etc/hostname",
        "missing.png",
        "data:text/html,<b>",
    ],
)
def test_what_lies_outside_is_refused(page, address):
    with pytest.raises(OutsideRefused):
        page(body=f'<img src="{address}" alt="">')


@override_settings(
    STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
)
def test_the_names_that_the_web_server_gives_files_do_not_matter(page):
    assert page(head='<link rel="stylesheet" href="css/site.css">')


def test_printing_does_not_let_uploads_be_cut_short():
    assert printing.HTML
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
