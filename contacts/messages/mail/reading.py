"""Reading a mail that anybody may have sent: nothing in it is believed, and nothing takes long.

The library that takes mails apart can be led into quadratic time and deep recursion. So headers are cut, and what has
more lines, parts or headers than a person's mail is not taken apart at all.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import Compat32
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from contacts.messages.history import without_history
from contacts.messages.mail.html_words import words_of_html

MOST_BYTES = 10 * 1024 * 1024
_MOST_LINES = 200_000
_MOST_BOUNDARIES = 60
_MOST_PART_HEADERS = 200
_HEADER_LIMIT = 4000
_DEEPEST, _MOST_PARTS = 10, 100
# Of a part that holds words; far above what is kept of them.
_WORDS_LIMIT = 1_000_000

RECIPIENTS = (
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "Resent-To",
)
_MAIL_ID = re.compile(r"<[!-;=?-~]{1,240}>")
# Written by programs: none of them is answered, none of it is taken for somebody's words.
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTOMATIC_HEADERS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
_DAEMONS = ("mailer-daemon", "postmaster", "no-reply", "noreply")
# Parts that are about the mail, not attached to it.
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
# Charsets in which plain letters are not themselves. Any other is tried after UTF-8, which lies least.
_NOT_ASCII = frozenset({"utf-16", "utf-16-le", "utf-16-be", "iso2022_jp", "iso2022_kr", "hz"})
_CHARSETS = re.compile(
    r"(iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|gb2312|gbk|gb18030|big5|euc_(jp|kr)|shift_jis)"
)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What counts of a mail. `recipients` and `answers` are the headers as they stand."""

    mail_id: str
    sender: str
    recipients: str
    answers: str
    is_bounce: bool
    is_automatic: bool
    text: str
    attachments: int


class _Bounded(Compat32):
    """Headers as they came, each cut: taking a long one apart takes the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(["".join(sourcelines)[:_HEADER_LIMIT]])
        return name, value


def read(raw: bytes) -> ReadMail | None:
    """Return what counts of a mail, None where it cannot be read."""
    if not _is_within_bounds(raw):
        return None
    try:
        return _read(message_from_bytes(raw, policy=_Bounded()))
    except Exception:
        return None


def _is_within_bounds(raw: bytes) -> bool:
    lowered = raw.lower()
    return (
        len(raw) <= MOST_BYTES
        and raw.count(b"\n") + raw.count(b"\r") <= 2 * _MOST_LINES
        and lowered.count(b"boundary") <= _MOST_BOUNDARIES
        and lowered.count(b"content-type") <= _MOST_PART_HEADERS
    )


def _read(mail: Mail) -> ReadMail:
    plain, marked_up, attachments = _parts(mail)
    text = "\n".join(plain)
    if not text.strip():
        text = "\n".join(words_of_html(each) for each in marked_up)
    host = urlsplit(settings.SITE_URL).hostname or ""
    return ReadMail(
        mail_id=_mail_id(mail, text),
        sender=_sender(mail),
        recipients=" ".join(_header(mail, name) for name in RECIPIENTS),
        answers=f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}",
        is_bounce=_is_bounce(mail),
        is_automatic=_is_automatic(mail),
        text=without_history(_clean(text), host).strip(),
        attachments=attachments,
    )


def _header(mail: Mail, name: str) -> str:
    """Return all headers of a name, one after the other; "" where there is none."""
    return " ".join(str(value) for value in (mail.get_all(name) or [])[:10])


def _sender(mail: Mail) -> str:
    return parseaddr(_header(mail, "From"))[1]


def _mail_id(mail: Mail, text: str) -> str:
    """Return the Message-ID; for a mail without one, the same for the same mail."""
    found = _MAIL_ID.search(_header(mail, "Message-ID"))
    if found:
        return found.group()
    what = "\n".join([_header(mail, "From"), _header(mail, "Date"), _header(mail, "Subject"), text])
    return f"<{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()}@without.id>"


def _is_automatic(mail: Mail) -> bool:
    """Tell whether a program wrote it (RFC 3834): out of office, a list, a report, one of ours come back."""
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    sender = _sender(mail).lower()
    return (
        submitted not in ("", "no")
        or _header(mail, "Precedence").strip().lower() in _AUTOMATIC_PRECEDENCE
        or any(mail[name] is not None for name in _AUTOMATIC_HEADERS)
        or _header(mail, "Return-Path").strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in _DAEMONS
        or sender == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    )


def _is_bounce(mail: Mail) -> bool:
    """Tell whether it reports that a mail of ours did not arrive; not that it is late (RFC 3464, 2.3.3)."""
    if mail["X-Failed-Recipients"] is not None:
        return True
    if mail.get_content_type() != "multipart/report":
        return False
    statuses = [part for part in _inner(mail) if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in statuses[:1] for block in _inner(part)]
    return any(_header(block, "Action").strip().lower() == "failed" for block in blocks[:_MOST_PARTS])


def _inner(part: Mail) -> list[Mail]:
    """Return the parts of a part, none where it has words instead."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Mail)] if isinstance(payload, list) else []


def _parts(mail: Mail) -> tuple[list[str], list[str], int]:
    """Return the plain words, those in HTML, and how many parts are attached, whose insides nobody looks at."""
    plain: list[str] = []
    marked_up: list[str] = []
    attachments = 0
    left: list[tuple[Mail, int]] = [(mail, 0)]
    seen = 0
    while left:
        part, depth = left.pop()
        seen += 1
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart" and part.is_multipart() and depth < _DEEPEST:
            left += [(each, depth + 1) for each in reversed(_inner(part))]
        elif seen > _MOST_PARTS or _is_attached(part, kind):
            attachments += kind not in _SIGNATURES
        elif kind == "text/html":
            marked_up.append(_words(part))
        else:
            plain.append(_words(part))
    return plain, marked_up, attachments


def _is_attached(part: Mail, kind: str) -> bool:
    return (
        kind not in ("text/plain", "text/html")
        or part.is_multipart()
        or part.get_content_disposition() == "attachment"
        or bool(part.get_filename())
    )


def _words(part: Mail) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    is_whole = len(data) <= _WORDS_LIMIT
    return _decoded(data[:_WORDS_LIMIT], str(part.get_content_charset() or ""), is_whole=is_whole)


def _decoded(data: bytes, charset: str, *, is_whole: bool) -> str:
    """Return the text. UTF-8 first: what can be read so is so, whatever the mail says of itself."""
    try:
        named = codecs.lookup(charset).name
    except (LookupError, ValueError):
        named = ""
    wanted = [named, "utf-8"] if named in _NOT_ASCII else ["utf-8", named]
    for name in wanted:
        if name == "utf-8" or name in _NOT_ASCII or _CHARSETS.fullmatch(name):
            try:
                # The last letter of what was cut may be half of one.
                return codecs.getincrementaldecoder(name)().decode(data, final=is_whole)
            except UnicodeError:
                continue
    return data.decode("cp1252", "replace")


def _clean(text: str) -> str:
    """Return the text without what no letter holds: control characters, halves of surrogates, turned directions."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(char for char in line if _is_fit(char)).rstrip() for line in lines)


def _is_fit(char: str) -> bool:
    code = ord(char)
    if code < 32:
        return char == "\t"
    return not (
        0x7F <= code <= 0x9F
        or 0xD800 <= code <= 0xDFFF
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or code == 0xFEFF
    )
