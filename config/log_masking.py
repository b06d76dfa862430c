"""What must not stand in log files: the secrets in addresses of links that set a password or open a message, and
what PostgreSQL repeats of a row that it refuses, which may be a citizen's words.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

# What follows these parts of an address opens an account (`officers.login.urls`), or a citizen's message. The secret
# of a message has 52 letters; one that was mistyped or cut off is nearly as good. No module below `contacts.messages`
# has a name like that: in the text of an error it says where to look.
SECRET = re.compile(r"(/invitation/|/password/reset/key/)[^/\s?#\"']+|(/messages/)[A-Za-z0-9%=]{20,}")
# "DETAIL:  Failing row contains (…)", or the line of the statement that is wrong, values and all: as an error says it
# or as its `repr` does, and whatever comes behind.
_DETAIL = re.compile(r"(?:\n|\\n)(?:DETAIL|CONTEXT|QUERY|LINE \d+):.*", re.DOTALL)


class MaskSecrets(logging.Filter):
    """Masks them in a message and in its arguments, whoever logs: Django itself tells of refused addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = _DETAIL.sub("", _masked(said))
        if masked != said:
            record.msg, record.args = masked, None
        return True


def _masked(text: Any) -> str:
    return SECRET.sub(lambda found: f"{found[1] or found[2]}***", str(text))


class MaskingFormatter(logging.Formatter):
    """Masks them in the text of an error as well, which a filter does not see."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's own name
        text = super().formatException(ei)
        for error in _chain(ei[1]):
            said = str(error)
            text = text.replace(said, _DETAIL.sub("", said)) if _DETAIL.search(said) else text
        return _masked(text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and all that led to it, each once."""
    left, seen = [error], set[int]()
    while left:
        one = left.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            left += [one.__cause__, one.__context__]
