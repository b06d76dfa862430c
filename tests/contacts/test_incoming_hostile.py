"""Mails that are no mails, that lie, and that are made to hurt: words come out, or nothing, in bounded time."""

import random
import time
import zlib
from email.message import EmailMessage
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.messages.history import without_history
from contacts.messages.mail.html_words import words_of_html
from contacts.messages.mail.incoming import Outcome, take
from contacts.messages.mail.reading import MOST_BYTES, read
from contacts.messages.mail.threads import reply_address
from contacts.models import Exchange
from tests.contacts.mails import report, to_message
from tests.factories import MessageFactory

HOST = "officer.police.example"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = f"https://{HOST}"
    settings.REPLY_ADDRESS = "answers@police.example"


def text_of(raw: bytes) -> str:
    mail = read(raw)
    assert mail is not None
    return mail.text


def headed(body: bytes, kind: str = "text/plain", coding: str = "8bit") -> bytes:
    return (
        f"From: a@example.org\nContent-Type: {kind}\nContent-Transfer-Encoding: {coding}\n\n".encode() + body
    )


@pytest.mark.parametrize(
    ("body", "kind", "coding"),
    [
        ("Ærø på åen".encode(), "text/plain; charset=utf-8", "8bit"),
        ("Ærø på åen".encode(), "text/plain; charset=us-ascii", "8bit"),
        ("Ærø på åen".encode(), "text/plain; charset=iso-8859-1", "8bit"),
        ("Ærø på åen".encode("latin-1"), "text/plain; charset=utf-8", "8bit"),
        ("Ærø på åen".encode("cp1252"), "text/plain; charset=no-such-charset", "8bit"),
        ("Ærø på åen".encode("cp1252"), "text/plain; charset=zlib", "8bit"),
        ("Ærø på åen".encode("cp1252"), "text/plain; charset=punycode", "8bit"),
        ("Ærø på åen".encode("cp1252"), "text/plain", "8bit"),
        ("Ærø på åen".encode("utf-16"), "text/plain; charset=utf-16", "8bit"),
        ("Ærø på åen".encode("mac-roman"), "text/plain; charset=macintosh", "8bit"),
        (b"=C3=86r=C3=B8 p=C3=A5 =C3=A5en", "text/plain; charset=utf-8", "quoted-printable"),
        (b"w4Zyw7ggcMOlIMOlZW4=", "text/plain; charset=utf-8", "base64"),
        (b"<p>&AElig;r&oslash; p&#229; <b>&aring;en</b></p>", "text/html", "7bit"),
    ],
)
def test_letters_are_what_was_written_whatever_the_mail_says_of_them(body, kind, coding):
    assert text_of(headed(body, kind, coding)) == "Ærø på åen"


def test_last_letter_of_a_mail_is_not_lost():
    assert text_of(headed("på Ø".encode("latin-1"), "text/plain; charset=utf-8")) == "på Ø"


def test_control_characters_and_turned_directions_are_left_out():
    text = "one\0two\x1b[31m\u202ethree\ud800".encode("utf-8", "surrogatepass")
    assert "\0" not in text_of(headed(text))
    assert text_of(headed("one\0two\x1b\u202ethree\ufeff\ttab".encode())) == "onetwothree\ttab"


def test_html_becomes_lines_and_nothing_of_it_acts():
    source = (
        "<html><head><title>T</title><style>p{}</style></head><body><script>alert(1)</script>"
        "<!-- hidden --><p>One &amp; two</p><div>Three<br>four</div><img src=x onerror=alert(1)>"
        "<blockquote>Quoted<p>twice</p></blockquote>after &lt;b&gt; 1 < 2</body></html>"
    )
    assert [line for line in words_of_html(source).split("\n") if line.strip("> ")] == [
        "One & two",
        "Three",
        "four",
        "> Quoted",
        "> twice",
        "after <b> 1 < 2",
    ]


OURS = f"https://{HOST}/messages/abc/"
HISTORIES = {
    "Gmail": f"On Mon, 23 Nov 2026 at 10:03, Mette Holm <site@police.example> wrote:\n\n> Hello\n> {OURS}\n>",
    "Gmail in Danish, on two lines": (
        f"Den man. 23. nov. 2026 kl. 10.03 skrev Mette Holm <\nsite@police.example>:\n> Hej\n> {OURS}"
    ),
    "Outlook": (
        "-----Original Message-----\nFrom: Mette Holm\nSent: Monday, 23 November 2026 10:03\n"
        f"Subject: Your message\n\nHello\n{OURS}"
    ),
    "Outlook in Danish": (
        f"________________________________\nFra: Mette Holm\nSendt: 23. november 2026 10:03\nTil: C\n\nHej\n{OURS}"
    ),
    "quoted alone": f"> Hello\n> {OURS}",
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_our_own_mail_below_the_answer_is_cut(history):
    assert without_history(f"It is there again.\n\nBye\n\n{history}", HOST) == "It is there again.\n\nBye"


@pytest.mark.parametrize(
    "text",
    [
        # Somebody else's words are what it is about.
        "He threatens me:\n\nFrom: Nasty\nSent: Monday\n\nI will come.",
        "On 3 May he wrote:\nI will come.",
        "See:\n> I will come.",
        f"He writes:\n\nFrom: Nasty\nSent: Monday\n\nI will come.\n> Hello\n> {OURS}\nWhat now?",
        # The answer stands below or between.
        f"> Hello\n> {OURS}\n\nIt is there again.",
        f"On 3 May, Mette <m@x> wrote:\n> Hello\n> {OURS}\n\nIt is there again.",
        f"Dear Mette\n> Hello\nYes.\n> {OURS}\nNo.",
        # Nothing else.
        f"> Hello\n> {OURS}",
        "",
    ],
)
def test_when_in_doubt_everything_is_kept(text):
    assert without_history(text, HOST) == text


def test_what_others_wrote_stays_above_our_own_mail():
    text = "He threatens me:\n\nFrom: Nasty\nSent: Monday\n\nI will come."
    assert without_history(f"{text}\n\n{HISTORIES['Gmail']}", HOST) == text


def test_html_answer_above_our_mail_is_kept_alone():
    body = (
        "<div>It is there again.</div><div class='gmail_quote'>On Mon, 23 Nov 2026 at 10:03, M &lt;s@p.example&gt; "
        f"wrote:<br><blockquote>Hello<br><a href='{OURS}'>{OURS}</a></blockquote></div>"
    )
    assert text_of(headed(body.encode(), "text/html; charset=utf-8")) == "It is there again."


def nested(kind: str, depth: int) -> bytes:
    """Return parts within parts within parts."""
    lines = ["From: a@example.org"]
    for level in range(depth):
        lines += [f'Content-Type: {kind}; boundary="{level}"', "", f"--{level}"]
    return "\n".join([*lines, "", "words"]).encode()


def bombs() -> dict[str, bytes]:
    photo = zlib.compress(b"\0" * 1_000_000).hex().encode()
    mixed = b'From: a@example.org\nContent-Type: multipart/mixed; boundary="b"\n\n'
    megabytes = MOST_BYTES - 1000
    return {
        "ten megabytes of lines": headed(b"\n" * megabytes),
        "ten megabytes in one line": headed(b"a" * megabytes),
        "ten megabytes of header": b'Content-Type: text/plain; x="' + b";" * megabytes,
        "many long parameters": b"Content-Type: text/plain" + b';\n x="' * 190_000,
        "ten megabytes of references": b"References: " + b"<a@b> " * (megabytes // 6) + b"\n\nwords",
        "two hundred thousand headers": b"To: a@example.org\n" * 190_000 + b"\nwords",
        "comments in the sender": b"From: " + b"(" * 100_000 + b"\n\nwords",
        "deep multiparts": nested("multipart/mixed", 50),
        "deeper multiparts": nested("multipart/mixed", 5000),
        "deep digests": nested("multipart/digest", 55),
        "mails within mails": b"Content-Type: message/rfc822\n\n" * 190,
        "mails within mails, too many": b"Content-Type: message/rfc822\n\n" * 100_000,
        "lines below deep multiparts": nested("multipart/mixed", 55) + b"\n--" * 190_000,
        "many small parts": mixed + b"--b\n\nx\n" * 60_000,
        "many attachments": mixed + b"--b\nContent-Type: image/png\n\nx\n" * 150,
        "a packed file": headed(photo, "application/zip", "base64"),
        "open tags": headed(b"<a " * 300_000, "text/html"),
        "open comments": headed(b"<!--" * 300_000, "text/html"),
        "open declarations": headed(b"<![CDATA[<!x" * 100_000, "text/html"),
        "open scripts": headed(b"<script><style>" * 100_000, "text/html"),
        "open quotes": headed(b"<blockquote>" * 300_000, "text/html"),
        "ampersands": headed(b"&" * 1_000_000, "text/html"),
        "introductions": headed(b"On 3 wrote\n" * 150_000),
        "headers in the text": headed(b"From: x\n" * 150_000 + HOST.encode()),
        "quotes": headed((b"> x\n" * 150_000) + HOST.encode() + b"\nno"),
    }


@pytest.mark.parametrize("name", bombs())
def test_mail_made_to_hurt_takes_seconds_and_little(name):
    raw = bombs()[name]
    assert len(raw) <= MOST_BYTES + 2000
    started = time.process_time()
    mail = read(raw[:MOST_BYTES])
    assert time.process_time() - started < 6.0
    if mail is not None:
        assert len(mail.text) <= 1_000_000


@pytest.mark.django_db
def test_attachments_are_counted_and_never_opened():
    message = MessageFactory()
    mail = to_message(message)
    for number in range(150):
        mail.add_attachment(bytes(1000), maintype="application", subtype="zip", filename=f"{number}.zip")
    assert take(mail.as_bytes()) == Outcome.ADDED
    exchange = message.exchanges.get()
    assert (exchange.attachments_left_out, exchange.text) == (150, "It is there again.")


@pytest.mark.django_db
def test_mail_within_a_mail_is_an_attachment():
    message = MessageFactory()
    inner = EmailMessage()
    inner.set_content("Inner words")
    mail = to_message(message)
    mail.add_attachment(inner)
    assert take(mail.as_bytes()) == Outcome.ADDED
    exchange = message.exchanges.get()
    assert (exchange.attachments_left_out, exchange.text) == (1, "It is there again.")


@pytest.mark.django_db
def test_too_large_a_mail_is_not_taken():
    assert take(to_message(MessageFactory()).as_bytes() + b"a" * MOST_BYTES) == Outcome.TOO_LARGE


@pytest.mark.django_db
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_taken_without_an_error(raw):
    assert take(raw) in set(Outcome)


@pytest.mark.django_db
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), is_report=st.booleans())
def test_mangled_mails_to_a_message_are_taken_without_an_error(seed, is_report):
    message = MessageFactory()
    mail = to_message(message)
    mail.add_alternative("<p>It is <b>there</b></p>", subtype="html")
    mail.add_attachment(b"x" * 50, maintype="image", subtype="png", filename="å.png")
    raw = bytearray(report(reply_address(message), f"<{uuid4()}@{HOST}>") if is_report else mail.as_bytes())
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 30)):
        where = chance.randrange(len(raw))
        choice = chance.choice(
            [b"", b"\0", b"\xff", b"\n", b'"', b"=?utf-8?q?", b";", b"<", bytes(raw[where : where + 40])]
        )
        raw[where : where + chance.randint(0, 3)] = choice
    assert take(bytes(raw)) in set(Outcome)
    for exchange in Exchange.objects.filter(message=message):
        assert "\0" not in exchange.text
