"""Mails as mail servers hand them over."""

from __future__ import annotations

from email.message import EmailMessage

from contacts.messages.mail.threads import reply_address
from contacts.models import Message

SENDER = "citizen@example.org"


def to_message(message: Message, text: str = "It is there again.", **headers: str) -> EmailMessage:
    """Return the citizen's answer, to be changed at will. `headers` with _ for -: In_Reply_To."""
    mail = EmailMessage()
    mail["From"] = f"Cirkeline Citat <{SENDER}>"
    mail["To"] = reply_address(message)
    mail["Subject"] = "Re: Your message"
    mail["Message-ID"] = "<first@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def report(recipient: str, mail_id: str, action: str = "failed") -> bytes:
    """Return what a mail server writes when a mail did not arrive (RFC 3464)."""
    return (
        "Return-Path: <>\r\n"
        "From: Mail Delivery System <MAILER-DAEMON@mail.example.org>\r\n"
        f"To: {recipient}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mail.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; citizen@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {mail_id}\r\nSubject: Your message\r\n\r\n"
        "--b--\r\n"
    ).encode()
