"""What guards a public form without a cookie: a number of its own and the time it was made, signed.

The number makes that the same form sent twice is one message. The time tells programs, which answer within a second,
and pages of last week. Nobody who is refused for it loses what they wrote: the form comes back with another token.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

FASTEST = datetime.timedelta(seconds=3)
LONGEST = datetime.timedelta(hours=24)
_SALT = "contacts.messages.guarding.form_token"


@dataclass(frozen=True, slots=True)
class FormToken:
    """`key` is the form's number, `bits` how hard the proof of work is that goes with it."""

    key: UUID
    bits: int
    made_at: datetime.datetime

    @classmethod
    def new(cls, now: datetime.datetime, *, bits: int = 0) -> FormToken:
        return cls(uuid4(), bits, now)

    @classmethod
    def read(cls, text: str, purpose: str) -> FormToken | None:
        """Return the token that was signed for the purpose; None for anything else."""
        try:
            key, bits, made = _signer(purpose).unsign(text).split(".")
        except (BadSignature, UnicodeError):
            return None
        return cls(UUID(key), int(bits), datetime.datetime.fromtimestamp(int(made) / 1000, datetime.UTC))

    def signed(self, purpose: str) -> str:
        """Return the token as it stands in a form of that purpose, which no other kind of form takes."""
        made = int(self.made_at.timestamp() * 1000)
        return _signer(purpose).sign(f"{self.key.hex}.{self.bits}.{made}")

    def renewed(self, now: datetime.datetime, *, bits: int) -> FormToken:
        """Return another token for a form that somebody has filled in long ago: it may be sent at once."""
        return FormToken(uuid4(), bits, now - FASTEST)

    def is_too_fast(self, now: datetime.datetime) -> bool:
        return now - self.made_at < FASTEST

    def is_too_old(self, now: datetime.datetime) -> bool:
        return now - self.made_at > LONGEST

    def seal(self, contents: Mapping[str, object]) -> str:
        """Return the sign that just these contents were shown to the sender for a second look."""
        written = json.dumps([self.key.hex, sorted(contents.items())], default=str)
        return _signer("seal").signature(written)

    def is_sealed(self, seal: str, contents: Mapping[str, object]) -> bool:
        return constant_time_compare(seal, self.seal(contents))


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"{_SALT}:{purpose}")
