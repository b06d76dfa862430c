"""The log's own upkeep. Each task can be run again at any time."""

from __future__ import annotations

import logging

from celery import shared_task

from audit import schema, sealing

logger = logging.getLogger(__name__)


@shared_task
def seal() -> None:
    """Seal what is new. The digests go to the process's output too: kept elsewhere, they prove the whole chain."""
    for log in sealing.TABLES:
        if made := sealing.seal(log):
            logger.info("sealed %s entries of %s: %s", made.rows, log, made.digest)


@shared_task
def make_partitions() -> None:
    """Make the months ahead. Where that was missed, entries go to the default partition."""
    schema.make_partitions()
