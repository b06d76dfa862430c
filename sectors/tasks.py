"""Background work on the geography. Each task can be run again at any time; the sweeper finds what was missed."""

from celery import shared_task

from sectors import documents, resector


@shared_task
def resector_release(release_pk: int) -> None:
    """Put the addresses around a release that is in force into its sectors."""
    resector.resector(release_pk)


@shared_task
def resector_due_stations() -> None:
    """Find the releases in force that addresses have not been put into, also those that were scheduled."""
    for release_pk in resector.due_releases():
        resector.resector(release_pk)


@shared_task
def remove_unclaimed_documents() -> None:
    """Remove files of analysis documents that have no row: after a crash, or a disk that was away."""
    documents.remove_unclaimed()
