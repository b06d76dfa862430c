"""What the tests of the overview have in common."""

from tests.notifications.conftest import mail_server  # noqa: F401 - a fixture, which tests here use too
