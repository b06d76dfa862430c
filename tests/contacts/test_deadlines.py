"""By when there is an answer, in words."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from contacts.templatetags.deadlines import deadline

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("language", "hour", "said"),
    [
        ("en", 14, "Thursday 26 November at 14:00"),
        ("en", 0, "the end of Wednesday 25 November"),
        ("da", 14, "torsdag den 26. november kl. 14:00"),
        ("da", 0, "onsdag den 25. november kl. 24:00"),
    ],
)
def test_an_instant_is_said_with_its_weekday_and_midnight_as_the_end_of_a_day(language, hour, said):
    with translation.override(language):
        assert deadline(datetime.datetime(2026, 11, 26, hour, tzinfo=COPENHAGEN)) == said
