"""What a message costs whoever sends thousands: some thousand hashes, worked out by the browser during the writing.

The browser looks for a number that, written behind the form's key, gives a SHA-256 that begins with so many zero bits
(`static/js/proof-of-work.js`). An old phone does some 100,000 hashes a second. Whoever cannot looks at the message
once more instead.
"""

from __future__ import annotations

import datetime
import hashlib
from uuid import UUID

from contacts import limits

# 16,000 hashes on average.
FEWEST_BITS = 14
# A million hashes: ten seconds of an old phone, during which one writes.
MOST_BITS = 20
# From this many messages an hour on, all over the site, each doubling makes it twice as hard.
CALM_HOUR = 60
HOUR = datetime.timedelta(hours=1)
_LONGEST_ANSWER = 16


def bits_needed(now: datetime.datetime) -> int:
    """Return how hard it is at the moment. One query."""
    lately = limits.counted_lately("message", "all", window=HOUR, now=now)
    return min(MOST_BITS, FEWEST_BITS + (lately // CALM_HOUR).bit_length())


def count_message(now: datetime.datetime) -> None:
    limits.count_one("message", "all", window=HOUR, now=now)


def is_done(key: UUID, answer: str, bits: int) -> bool:
    """Tell whether the answer solves the puzzle of the form with this key."""
    if not answer.isascii() or not answer.isdigit() or len(answer) > _LONGEST_ANSWER:
        return False
    digest = hashlib.sha256(f"{key.hex}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
