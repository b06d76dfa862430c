"""What an uploaded file truly is, told by its content: the few kinds that analysis documents may have."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

import puremagic
from django.utils.translation import gettext as _
from PIL import Image

from sectors.declared_parts import declared_parts

OPEN_XML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
# Content type: the endings that its name may have.
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    f"{OPEN_XML}.wordprocessingml.document": (".docx",),
    f"{OPEN_XML}.spreadsheetml.sheet": (".xlsx",),
    f"{OPEN_XML}.presentationml.presentation": (".pptx",),
    f"{OPEN_DOCUMENT}.text": (".odt",),
    f"{OPEN_DOCUMENT}.spreadsheet": (".ods",),
    f"{OPEN_DOCUMENT}.presentation": (".odp",),
}
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# What a browser's file dialogue offers.
ACCEPTED = ",".join(ending for endings in ENDINGS.values() for ending in endings)

HEAD_BYTES = 4096
TAIL_BYTES = 2048
# An office file holds some hundred members; unpacked it is a few times as large.
MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_DECLARATION_BYTES = 1024 * 1024
# The table of contents: what it says of its own length, read before it is believed (PKWARE APPNOTE 4.3.16).
DIRECTORY_END = struct.Struct("<4s4H2LH")
MAX_DIRECTORY_BYTES = 1024 * 1024
# Charts in texts and slides keep their figures in a workbook of their own.
MAX_WORKBOOKS = 100
MAX_WORKBOOK_BYTES = 5 * 1024 * 1024
NAME_LENGTH = 150


class DocumentRefused(Exception):
    """The file is not kept. Its text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Checked:
    filename: str
    content_type: str


def checked(file: IO[bytes], name: str) -> Checked:
    """Return what the file is and how it may be called. Raises DocumentRefused. Reads a few kilobytes of it."""
    filename = _clean_name(name)
    content_type = _content_type(file)
    ending = PurePosixPath(filename).suffix.lower()
    if ending not in ENDINGS[content_type]:
        raise DocumentRefused(
            _(
                "The file is called “%(name)s”, but what is in it is a %(kind)s file. Save it under its true type."
            )
            % {"name": filename, "kind": ENDINGS[content_type][0].removeprefix(".").upper()}
        )
    return Checked(filename, content_type)


def _clean_name(name: str) -> str:
    """Return the last part of the name, without signs that nobody sees, such as those that turn text around."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, ending = visible.rpartition(".")
    return f"{stem[: NAME_LENGTH - 10]}{dot}{ending[:9]}" or "document"


def _content_type(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        raise DocumentRefused(_("This file is empty. Choose another one."))
    kinds = _kinds_by_beginning(head)
    if "application/pdf" in kinds:
        return _pdf(file, head)
    for content_type, kind in PICTURES.items():
        if content_type in kinds:
            return _picture(file, content_type, kind)
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    raise DocumentRefused(
        _(
            "This kind of file is not taken. Upload a PDF, an office file (docx, xlsx, pptx, odt, ods, odp) "
            "or a picture (PNG, JPEG, WebP)."
        )
    )


def _kinds_by_beginning(head: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _pdf(file: IO[bytes], head: bytes) -> str:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL_BYTES))
    if not head.startswith(b"%PDF-") or b"%%EOF" not in file.read():
        raise DocumentRefused(_("This PDF is damaged or cut short. Make it anew and upload it again."))
    return "application/pdf"


def _picture(file: IO[bytes], content_type: str, kind: str) -> str:
    """Check that a decoder recognises the picture; it is not decoded, so its dimensions cost nothing."""
    file.seek(0)
    try:
        with Image.open(file, formats=[kind]) as picture:
            picture.verify()
    except Exception as error:
        # Whatever a decoder raises over bytes that somebody made up.
        raise DocumentRefused(_("This picture is damaged. Save it anew and upload it again.")) from error
    return content_type


def _office(file: IO[bytes]) -> str:
    try:
        return _packed_type(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise DocumentRefused(
            _("This office file is damaged or protected by a password. Save it anew without one.")
        ) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # what unpacking damaged data raises
        raise DocumentRefused(_("This office file is damaged. Save it anew and upload it again.")) from error


def _packed_type(file: IO[bytes], *, is_workbook: bool = False) -> str:
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        _check_members(archive.infolist())
        workbooks = _workbooks(archive)
        if len(workbooks) > (0 if is_workbook else MAX_WORKBOOKS):
            raise _foreign_parts()
        for name in workbooks:
            _check_workbook(archive, name)
        return _open_document(archive) or _open_xml(archive)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a table of contents that would be costly to read, before zipfile reads it.

    zipfile goes by its length, not by its count. An archive of four gigabytes or with a comment is no office file.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - DIRECTORY_END.size - 20))
    tail = file.read()
    mark, _disk, _disk_of_it, _count_here, count, length, _begins, comment = DIRECTORY_END.unpack(
        tail[-DIRECTORY_END.size :].rjust(DIRECTORY_END.size)
    )
    if mark != b"PK\x05\x06" or comment:
        raise zipfile.BadZipFile("It does not end as an archive.")
    if count > MAX_MEMBERS or length > MAX_DIRECTORY_BYTES or tail.startswith(b"PK\x06\x07"):
        raise _too_large()


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _too_large()
    names = [member.filename.lower().replace("\\", "/") for member in members]
    if len(set(names)) < len(names):
        raise zipfile.BadZipFile("Two members have the same name: readers disagree on which one counts.")
    folders = {folder for name in names for folder in name.split("/")[:-1]}
    if folders & {"basic", "scripts", "macrosheets"} or any("vbaproject" in name for name in names):
        raise _macros()
    if "activex" in folders:
        raise _foreign_parts()


def _workbooks(archive: zipfile.ZipFile) -> list[str]:
    """Return what is embedded. Raises DocumentRefused where that is more than workbooks."""
    embedded = [
        name for name in archive.namelist() if "embeddings/" in name.lower() and not name.endswith("/")
    ]
    if not all(name.lower().endswith(".xlsx") for name in embedded):
        raise _foreign_parts()
    return embedded


def _check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as member:
        content = member.read(MAX_WORKBOOK_BYTES + 1)
    if len(content) > MAX_WORKBOOK_BYTES:
        raise _too_large()
    if ".xlsx" not in ENDINGS[_packed_type(io.BytesIO(content), is_workbook=True)]:
        raise _foreign_parts()


def _too_large() -> DocumentRefused:
    return DocumentRefused(_("Unpacked, this office file would be far too large. Save it as a PDF instead."))


def _macros() -> DocumentRefused:
    return DocumentRefused(_("This office file holds macros. Save it without them, or as a PDF."))


def _foreign_parts() -> DocumentRefused:
    return DocumentRefused(_("This office file holds other files or controls. Save it as a PDF instead."))


def _open_document(archive: zipfile.ZipFile) -> str:
    """Return the type that an OpenDocument file declares in its first member, "" for another kind of file."""
    if "mimetype" not in archive.namelist() or "content.xml" not in archive.namelist():
        return ""
    declared = _member(archive, "mimetype").decode("ascii", "replace").strip()
    return declared if declared.startswith(OPEN_DOCUMENT) and declared in ENDINGS else ""


def _open_xml(archive: zipfile.ZipFile) -> str:
    """Return the type that the file declares of its one main part. Raises DocumentRefused."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        declared = declared_parts(_member(archive, "[Content_Types].xml"))
        if any(sign in kind for kind in declared.kinds for sign in ("macro", "vba")):
            raise _macros()
        if any(sign in kind for kind in declared.kinds for sign in ("activex", "oleobject")):
            raise _foreign_parts()
        main = {
            kind.removesuffix(".main+xml") for part, kind in declared.parts.items()
            if part in names and kind.endswith(".main+xml")
        }  # fmt: skip
        if len(main) == 1 and main < ENDINGS.keys():
            return main.pop()
    raise DocumentRefused(
        _(
            "This is a packed folder or another kind of office file. Upload docx, xlsx, pptx, odt, ods, odp or PDF."
        )
    )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(MAX_DECLARATION_BYTES)


def file_of(upload: Any) -> IO[bytes]:
    """Return what can be read and searched of a Django upload."""
    return upload.file if hasattr(upload, "file") else upload
