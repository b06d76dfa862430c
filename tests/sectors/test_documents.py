"""Analysis documents: told by their content, kept and withdrawn together with their row."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, transaction
from PIL import Image

from sectors.document_types import MAX_MEMBERS, OPEN_DOCUMENT, OPEN_XML, DocumentRefused, checked
from sectors.documents import UNCLAIMED_AFTER, keep, remove_unclaimed, withdraw
from sectors.models import AnalysisDocument
from tests.factories import SectorFactory, UserFactory

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WORD = f"{OPEN_XML}.wordprocessingml.document"


def archive(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def word(main: str = f"{WORD}.main+xml", **more: bytes | str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return archive(**{"[Content_Types].xml": types, "word/document.xml": "<x/>", **more})


def open_document(kind: str, **more: bytes | str) -> bytes:
    return archive(mimetype=f"{OPEN_DOCUMENT}.{kind}", **{"content.xml": "<x/>", **more})


def image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, kind)
    return buffer.getvalue()


def what(content: bytes, name: str):
    return checked(io.BytesIO(content), name)


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(DocumentRefused) as refused:
        what(content, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PDF, "Report.pdf", "application/pdf"),
        (image("PNG"), "map.PNG", "image/png"),
        (image("JPEG"), "photo.jpeg", "image/jpeg"),
        (image("WEBP"), "photo.webp", "image/webp"),
        (word(), "Analyse æøå.docx", WORD),
        (word(f"{OPEN_XML}.spreadsheetml.sheet.main+xml"), "a.xlsx", f"{OPEN_XML}.spreadsheetml.sheet"),
        (
            word(f"{OPEN_XML}.presentationml.presentation.main+xml"),
            "a.pptx",
            f"{OPEN_XML}.presentationml.presentation",
        ),
        (open_document("text"), "a.odt", f"{OPEN_DOCUMENT}.text"),
        (open_document("spreadsheet"), "a.ods", f"{OPEN_DOCUMENT}.spreadsheet"),
        (open_document("presentation"), "a.odp", f"{OPEN_DOCUMENT}.presentation"),
    ],
)
def test_kinds_that_are_taken(content, name, content_type):
    found = what(content, name)
    assert (found.filename, found.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "empty"),
        (b"MZ\x90\x00" * 50, "a.exe", "not taken"),
        (b"<html><script>alert(1)</script>", "a.html", "not taken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "not taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90, "a.doc", "not taken"),
        (b"GIF89a" + b"\0" * 90, "a.gif", "not taken"),
        (b"just words", "a.pdf", "not taken"),
        (PDF, "a.exe", "PDF"),
        (PDF, "a.pdf.html", "PDF"),
        (PDF, "nothing", "PDF"),
        (word(), "a.pdf", "DOCX"),
        (image("PNG"), "a.jpg", "PNG"),
        (b"\n\n" + PDF, "a.pdf", ""),
        (PDF[:-6], "a.pdf", "cut short"),
        (image("PNG")[:40], "a.png", "damaged"),
        (word()[:-30], "a.docx", "damaged"),
        (archive(**{"readme.txt": "hello"}), "a.docx", "packed folder"),
        (archive(mimetype=f"{OPEN_DOCUMENT}.graphics", **{"content.xml": ""}), "a.odt", "packed folder"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(content, name, sentence):
    assert sentence in refusal(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (word(**{"word/vbaProject.bin": b"x"}), "a.docx"),
        (word("application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx"),
        (word(f"{OPEN_XML}.spreadsheetml.sheet.main+xml", **{"xl/macrosheets/s1.xml": "x"}), "a.xlsx"),
        (open_document("text", **{"Basic/Standard/Module1.xml": "x"}), "a.odt"),
        (open_document("text", **{"Scripts/python/run.py": "x"}), "a.odt"),
    ],
)
def test_macros_are_refused(content, name):
    assert "macros" in refusal(content, name)


def test_bomb_is_refused_without_being_unpacked():
    bomb = word(**{f"word/media/{n}": bytes(10 * 1024 * 1024) for n in range(42)})
    assert len(bomb) < 1024 * 1024
    began = time.monotonic()
    assert "far too large" in refusal(bomb, "a.docx")
    assert time.monotonic() - began < 1


def test_office_file_of_endlessly_many_members_is_refused():
    many = word(**{f"word/{n}": "" for n in range(MAX_MEMBERS)})
    assert "far too large" in refusal(many, "a.docx")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\Report.pdf", "Report.pdf"),
        ("gnp.\u202efdp.pdf", "gnp.fdp.pdf"),
        ("line\r\nbreak.pdf", "linebreak.pdf"),
        ("é" * 300 + ".pdf", "é" * 140 + ".pdf"),
    ],
)
def test_name_is_made_harmless(name, kept):
    assert what(PDF, name).filename == kept


@pytest.fixture
def folder(documents_folder) -> Path:
    return documents_folder


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def upload(content: bytes = PDF, name: str = "Report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.django_db(transaction=True)
class TestKeeping:
    def test_row_and_file_are_kept_under_a_name_that_says_nothing(self, folder):
        sector, analyst = SectorFactory(), UserFactory()
        document = keep(AnalysisDocument(title="Burglaries"), upload(), [sector], by=analyst)
        document.refresh_from_db()
        assert document.station == sector.station
        assert list(document.sectors.all()) == [sector]
        assert (document.filename, document.size) == ("Report.pdf", len(PDF))
        (kept,) = files(folder)
        assert kept.read_bytes() == PDF
        assert "Report" not in str(kept)

    def test_sectors_of_two_stations_are_refused_and_leave_nothing(self, folder):
        with pytest.raises(DocumentRefused):
            keep(AnalysisDocument(title="x"), upload(), [SectorFactory(), SectorFactory()], by=UserFactory())
        assert not files(folder)
        assert not AnalysisDocument.objects.exists()

    def test_failed_row_leaves_no_file(self, folder):
        with pytest.raises(DataError):
            keep(AnalysisDocument(title="x" * 300), upload(), [SectorFactory()], by=UserFactory())
        assert not files(folder)

    def test_transaction_that_is_rolled_back_later_leaves_no_file(self, folder):
        sector, analyst = SectorFactory(), UserFactory()

        def page_that_fails_at_its_end():
            with transaction.atomic():
                keep(AnalysisDocument(title="x"), upload(), [sector], by=analyst)
                assert files(folder)
                transaction.set_rollback(True)

        page_that_fails_at_its_end()
        assert not AnalysisDocument.objects.exists()
        assert not files(folder)

    def test_full_disk_leaves_neither_row_nor_part_of_a_file(self, folder, monkeypatch):
        whole = FileSystemStorage._save

        def full(storage, name, content):
            whole(storage, name, content)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(DocumentRefused, match="nothing was kept"):
            keep(AnalysisDocument(title="x"), upload(), [SectorFactory()], by=UserFactory())
        assert not files(folder)
        assert not AnalysisDocument.objects.exists()

    def test_withdrawn_document_loses_its_file_when_that_is_committed(self, folder):
        document = keep(AnalysisDocument(title="x"), upload(), [SectorFactory()], by=UserFactory())
        with transaction.atomic():
            assert withdraw(document)
            assert files(folder)
        assert not files(folder)
        document.refresh_from_db()
        assert document.withdrawn_at is not None
        assert not withdraw(document)

    def test_withdrawal_that_is_rolled_back_keeps_the_file(self, folder):
        document = keep(AnalysisDocument(title="x"), upload(), [SectorFactory()], by=UserFactory())
        with transaction.atomic():
            withdraw(document)
            transaction.set_rollback(True)
        assert files(folder)

    def test_files_without_a_document_are_removed_after_a_while(self, folder):
        kept = keep(AnalysisDocument(title="x"), upload(), [SectorFactory()], by=UserFactory())
        stray, fresh = folder / "ab" / "stray", folder / "ab" / "fresh"
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"x")
        fresh.write_bytes(b"x")
        long_ago = time.time() - UNCLAIMED_AFTER.total_seconds() - 60
        for path in (stray, Path(kept.file.path)):
            os.utime(path, (long_ago, long_ago))
        assert remove_unclaimed() == 1
        assert {path.name for path in files(folder)} == {"fresh", Path(kept.file.path).name}
