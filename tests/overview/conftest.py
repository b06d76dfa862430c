"""What the tests of the overview have in common."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from officers.manning import NOON
from sectors.instants import instant_of
from tests.notifications.conftest import mail_server  # noqa: F401 - a fixture, which tests here use too


@pytest.fixture
def by_day() -> Iterator[None]:
    """Let it be noon: late in the evening, after the agreed hours, nothing is lacking "today" any more."""
    with time_machine.travel(instant_of(timezone.localdate(), NOON)):
        yield
