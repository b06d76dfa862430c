"""Analysis documents: told by their content, kept and withdrawn together with their row."""

import io
import os
import struct
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


def declaring(inside: str, **more: bytes | str) -> bytes:
    """Return a text file whose declaration holds what is given."""
    return archive(**{"[Content_Types].xml": f"<Types>{inside}</Types>", "word/document.xml": "<x/>", **more})


def override(kind: str, part: str = "/word/document.xml") -> str:
    return f'<Override PartName="{part}" ContentType="{kind}"/>'


def test_declaration_is_read_as_an_office_program_reads_it():
    decoy = f"<!-- {WORD}.main+xml -->"
    assert "packed folder" in refusal(declaring(decoy + override("text/xml")), "a.docx")
    hidden = override("application/vnd.ms-word.document.macro&#69;nabled.main+xml")
    assert "macros" in refusal(declaring(decoy + hidden), "a.docx")
    project = override("application/vnd.ms-office.vba&#80;roject", "/word/x.bin")
    assert "macros" in refusal(declaring(override(f"{WORD}.main+xml") + project), "a.docx")
    assert what(declaring(override(WORD + ".main&#43;xml")), "a.docx").content_type == WORD


def test_main_part_is_there_and_the_only_one():
    missing = override(f"{WORD}.main+xml", "/word/other.xml")
    assert "packed folder" in refusal(declaring(missing), "a.docx")
    two = override(f"{WORD}.main+xml") + override(f"{OPEN_XML}.spreadsheetml.sheet.main+xml", "/xl/b.xml")
    assert "packed folder" in refusal(declaring(two, **{"xl/b.xml": "<x/>"}), "a.docx")


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE Types [<!ENTITY a "aaaa">]><Types>&a;</Types>',
        '<?xml version="1.0" encoding="none-such"?><Types/>',
        "<Types>",
        "",
    ],
)
def test_declaration_with_entities_or_damage_is_refused(xml):
    content = archive(**{"[Content_Types].xml": xml, "word/document.xml": "<x/>"})
    assert "damaged" in refusal(content, "a.docx")


def test_member_that_is_there_twice_is_refused():
    twice = {"[content_types].xml": "<Types/>"}
    assert "damaged" in refusal(word(**twice), "a.docx")


WORKBOOK = archive(
    **{
        "[Content_Types].xml": f"<Types>{override(f'{OPEN_XML}.spreadsheetml.sheet.main+xml', '/xl/a.xml')}</Types>",
        "xl/a.xml": "<x/>",
    }
)


def test_workbook_of_a_chart_is_taken():
    assert what(word(**{"word/embeddings/Sheet1.xlsx": WORKBOOK}), "a.docx").content_type == WORD


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"word/embeddings/oleObject1.bin": b"x"}, "other files"),
        ({"word/activeX/activeX1.bin": b"x"}, "other files"),
        ({"word/embeddings/a.xlsx": word()}, "other files"),
        ({"word/embeddings/a.xlsx": word(**{"word/vbaProject.bin": b"x"})}, "macros"),
        ({"word/embeddings/a.xlsx": word(**{"word/embeddings/b.xlsx": WORKBOOK})}, "other files"),
        ({"word/embeddings/a.xlsx": b"MZ"}, "damaged"),
        ({"word/embeddings/a.xlsx": bytes(6 * 1024 * 1024)}, "far too large"),
    ],
)
def test_what_is_embedded_beside_that_is_refused(members, sentence):
    assert sentence in refusal(word(**members), "a.docx")


def of_many_members(count: int, said: int) -> bytes:
    """Return an archive of many members that says how many it holds, in the 64-bit form if the number asks for it."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, *[0] * 15)
    first = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, *[0] * 9)
    length, most = count * len(entry), 0xFFFF
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, said, said, length, len(first), 0)
    if said == most:
        longer = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, len(first))
        longer += struct.pack("<4sLQL", b"PK\x06\x07", 0, len(first) + length, 1)
        end = longer + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, most, most, 2**32 - 1, 2**32 - 1, 0)
    return first + entry * count + end


@pytest.mark.parametrize("said", [1, 0xFFFF, 60_000])
def test_table_of_contents_is_measured_before_it_is_read(said):
    many = of_many_members(500_000, said)
    began = time.process_time()
    assert "far too large" in refusal(many, "a.docx")
    assert time.process_time() - began < 0.2


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
