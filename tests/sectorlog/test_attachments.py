import io
import os
import time
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from sectorlog.entries import attachments
from sectorlog.models import Attachment, LogEntry
from tests.factories import FormVersionFactory, LogEntryFactory, SectorFactory, head_of
from tests.sectorlog.entry_pages import JSON, NEW, officer_of, typed

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# GPS, the tag of the block of positions in EXIF.
GPS, LATITUDE = 0x8825, 2


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    field = Attachment._meta.get_field("file")
    monkeypatch.setattr(field.storage, "_location", str(tmp_path))
    for name in ("base_location", "location"):
        field.storage.__dict__.pop(name, None)
    return tmp_path


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


def kept_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*") if path.is_file()]


def picture(kind: str = "JPEG", size=(640, 480), mode: str = "RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 120).save(buffer, kind, **options)
    return buffer.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(GPS)[LATITUDE] = (55.0, 42.0, 7.0)
    return picture(exif=exif)


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refused(response) -> str:
    assert response.status_code == 422, response.content
    assert not LogEntry.objects.exists()
    assert not Attachment.objects.exists()
    return " ".join(response.json()["errors"]["files"])


def test_pictures_and_documents_come_with_the_entry(client, officer, sector, folder):
    sent = typed(sector, files=[upload(picture()), upload(PDF, "minutes.pdf")])
    assert client.post(NEW, sent, headers=JSON).status_code == 201
    kept = LogEntry.objects.get().attachments.all()
    assert [(one.filename, one.content_type) for one in kept] == [
        ("photo.jpg", "image/jpeg"),
        ("minutes.pdf", "application/pdf"),
    ]
    assert len(kept_in(folder)) == 2
    assert all(one.size == one.file.size and one.uploaded_by == officer for one in kept)
    assert all("photo" not in path.name for path in kept_in(folder))


def test_nothing_of_what_the_phone_noted_in_a_picture_is_kept(client, officer, sector, folder):
    original = with_position()
    assert b"CameraMaker" in original
    client.post(NEW, typed(sector, files=[upload(original)]))
    (path,) = kept_in(folder)
    assert b"CameraMaker" not in path.read_bytes()
    with Image.open(path) as kept:
        assert dict(kept.getexif()) == {}
        assert not kept.info.get("exif")


def test_a_picture_stands_upright_and_is_no_larger_than_needed(client, officer, sector, folder):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    client.post(NEW, typed(sector, files=[upload(picture(size=(4000, 3000), exif=exif))]))
    with Image.open(kept_in(folder)[0]) as kept:
        assert kept.size == (1800, 2400)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA"), ("WEBP", "RGB"), ("JPEG", "CMYK")],
)
def test_every_kind_of_picture_becomes_a_jpeg(client, officer, sector, kind, mode):
    buffer = io.BytesIO()
    Image.new(mode, (64, 48)).save(buffer, kind)
    sent = typed(sector, files=[upload(buffer.getvalue(), f"screen.{kind.lower()}")])
    assert client.post(NEW, sent, headers=JSON).status_code == 201
    assert Attachment.objects.get().filename == "screen.jpg"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00" * 50, "setup.exe", "This kind of file is not taken"),
        (b"<svg onload='alert(1)'/>", "drawing.svg", "This kind of file is not taken"),
        (b"<html><script>", "page.pdf", "This kind of file is not taken"),
        (b"", "empty.pdf", "empty"),
        (PDF[:-7], "cut.pdf", "damaged or cut short"),
        (PDF, "minutes.docx", "Save it under its true type"),
        (picture()[:400], "cut.jpg", "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "text.docx", "damaged"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 100, "photo.heic", "HEIC"),
    ],
)
def test_a_nasty_file_is_refused_with_a_sentence_and_nothing_is_saved(
    client, officer, sector, folder, content, name, words
):
    sentence = refused(client.post(NEW, typed(sector, files=[upload(content, name)]), headers=JSON))
    assert words in sentence
    assert kept_in(folder) == []


def test_a_picture_that_moves_or_has_too_many_pixels_is_refused(client, officer, sector):
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    moving = client.post(NEW, typed(sector, files=[upload(buffer.getvalue(), "cat.webp")]), headers=JSON)
    assert "moves" in refused(moving)
    huge = picture("PNG", size=(9000, 9000), mode="L")
    assert "too many pixels" in refused(
        client.post(NEW, typed(sector, files=[upload(huge, "a.png")]), headers=JSON)
    )


def test_one_refused_file_of_several_keeps_all_back(client, officer, sector, folder):
    sent = typed(sector, files=[upload(picture()), upload(b"MZ", "setup.exe")])
    assert "setup.exe" in refused(client.post(NEW, sent, headers=JSON))
    assert kept_in(folder) == []


def test_what_is_too_large_is_passed_over_while_it_arrives(client, officer, sector, settings):
    settings.ATTACHMENT_MAX_BYTES = 2000
    sent = typed(sector, files=[upload(PDF + b" " * 3000, "large.pdf")])
    assert "large.pdf” is larger than" in refused(client.post(NEW, sent, headers=JSON))


def test_more_than_five_at_once_are_refused(client, officer, sector):
    sent = typed(sector, files=[upload(PDF, f"{number}.pdf") for number in range(6)])
    assert "at most 5" in refused(client.post(NEW, sent, headers=JSON))


def test_an_entry_carries_twenty_at_most(client, officer, sector):
    entry = LogEntryFactory(sector=sector)
    address = f"/log/entries/{entry.uuid}/attachments/"
    for batch in range(4):
        sent = {"files": [upload(PDF, f"{batch}-{number}.pdf") for number in range(5)]}
        assert client.post(address, sent).status_code == 302
    response = client.post(address, {"files": [upload(PDF, "one-more.pdf")]})
    assert response.status_code == 422
    assert "20 files at most" in response.content.decode()
    assert entry.attachments.count() == 20


def test_files_are_asked_for_where_none_is_chosen(client, officer, sector):
    entry = LogEntryFactory(sector=sector)
    assert client.post(f"/log/entries/{entry.uuid}/attachments/").status_code == 422


def test_the_same_entry_sent_twice_keeps_its_files_once(client, officer, sector, folder):
    sent = typed(sector)
    for _ in range(2):
        client.post(NEW, {**sent, "files": [upload(PDF, "minutes.pdf")]})
    assert Attachment.objects.count() == len(kept_in(folder)) == 1


def test_names_that_try_to_lead_elsewhere_or_turn_around_are_cleaned(client, officer, sector, folder):
    name = "..\\..\\secret\u202efdp.pdf"
    assert client.post(NEW, typed(sector, files=[upload(PDF, name)]), headers=JSON).status_code == 201
    assert Attachment.objects.get().filename == "secretfdp.pdf"
    assert [path.parent.parent for path in kept_in(folder)] == [folder]


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_where_its_transaction_does_not_commit(folder):
    entry = LogEntryFactory(form_version=FormVersionFactory())
    for is_kept in (False, True):
        with transaction.atomic():
            attachments.keep(entry, [attachments.prepared(upload(PDF, "minutes.pdf"))], by=entry.author)
            assert len(kept_in(folder)) == 1
            transaction.set_rollback(not is_kept)
        assert len(kept_in(folder)) == is_kept


def test_a_disk_that_takes_nothing_is_told_and_the_entry_is_not_half_saved(client, officer, sector, folder):
    for number in range(256):
        (folder / f"{number:02x}").write_bytes(b"in the way of a folder")
    response = client.post(NEW, typed(sector, files=[upload(PDF, "minutes.pdf")]), headers=JSON)
    assert "could not be stored just now" in refused(response)


def test_a_download_is_handed_out_to_be_kept_and_never_to_be_run(client, officer, sector):
    client.post(NEW, typed(sector, files=[upload(PDF, "møde.pdf")]))
    response = client.get(f"/log/attachments/{Attachment.objects.get().uuid}/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_who_does_not_read_the_log_does_not_find_the_file(client, officer, sector):
    client.post(NEW, typed(sector, files=[upload(PDF, "minutes.pdf")]))
    address = f"/log/attachments/{Attachment.objects.get().uuid}/"
    client.force_login(head_of(sector.station))
    assert b"".join(client.get(address).streaming_content) == PDF
    client.force_login(officer_of(SectorFactory(district=sector.district)))
    assert client.get(address).status_code == 404


def test_a_file_that_is_missing_is_told(client, officer, sector, folder):
    client.post(NEW, typed(sector, files=[upload(PDF, "minutes.pdf")]))
    kept_in(folder)[0].unlink()
    response = client.get(f"/log/attachments/{Attachment.objects.get().uuid}/")
    assert response.status_code == 404
    assert "minutes.pdf" in response.content.decode()


def test_files_without_a_row_are_removed_at_night_when_they_are_old_enough(client, officer, sector, folder):
    client.post(NEW, typed(sector, files=[upload(PDF, "minutes.pdf")]))
    (claimed,) = kept_in(folder)
    (folder / "ab").mkdir(exist_ok=True)
    left, fresh = folder / "ab" / "left", folder / "ab" / "fresh"
    for path in (left, fresh):
        path.write_bytes(b"x")
    long_ago = time.time() - 24 * 3600
    for path in (claimed, left):
        os.utime(path, (long_ago, long_ago))
    assert attachments.remove_unclaimed() == 1
    assert sorted(kept_in(folder)) == sorted([claimed, fresh])
    assert "sectorlog.tasks.remove_unclaimed_attachments" in {
        beat["task"] for beat in site.CELERY_BEAT_SCHEDULE.values()
    }
