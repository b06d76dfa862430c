"""The door bell: tells a worker that a row waits. The row is the truth; a sweeper finds what the bell missed."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import Task, current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# The bell is a courtesy: who rings it waits for a second at most, whatever the broker does. It is tried twice.
_IMPATIENT = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# A broker that did not answer is left alone for so many seconds, so that a flood of requests does not wait for it.
_REST_SECONDS = 30.0
_rests_until = 0.0


def ring(task: Task, *args: Any) -> None:
    """Ask a worker to run the task with these arguments, soon. Never fails, never takes more than about a second."""
    global _rests_until  # noqa: PLW0603 - one broker, one memory of it a process
    if time.monotonic() < _rests_until:
        return
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as broker:
            task.apply_async(args, producer=broker.Producer(), retry=False)
    except (OperationalError, OSError) as failure:
        _rests_until = time.monotonic() + _REST_SECONDS
        logger.warning("The broker is away (%s): the sweeper will find it", type(failure).__name__)
