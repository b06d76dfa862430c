"""What must not stand in log files: the secrets in the addresses of links that set a password, or open a message."""

from __future__ import annotations

import logging
import re
from typing import Any

# What follows these parts of an address opens an account (`officers.login.urls`), or a citizen's message.
SECRET = re.compile(r"(/invitation/|/password/reset/key/|/messages/)[^/\s?#\"']+")


class MaskSecrets(logging.Filter):
    """Masks them in a message and in its arguments, whoever logs: Django itself tells of refused addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if SECRET.search(record.getMessage()):
            record.msg, record.args = _masked(record.getMessage()), None
        return True


def _masked(text: Any) -> str:
    return SECRET.sub(r"\1***", str(text))


class MaskingFormatter(logging.Formatter):
    """Masks them in the text of an error as well, which a filter does not see."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's own name
        return _masked(super().formatException(ei))
