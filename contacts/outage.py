"""What is said while the database does not answer. The sectors and officers go on from this process's copies."""

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

# No connection, a lost one, none free in the pool in time, a query that took too long.
OUTAGE = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 30


def sentence() -> str:
    return _(
        "Addresses cannot be looked up at the moment. Please try again in a minute, or choose your sector in the "
        "list."
    )
