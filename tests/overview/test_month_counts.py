"""What the database takes as a count of a month."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tests.factories import MonthCountFactory

pytestmark = pytest.mark.django_db


def test_a_count_belongs_to_a_month_not_to_a_day():
    with pytest.raises(IntegrityError, match="monthcount_of_a_month"):
        MonthCountFactory(month=datetime.date(2026, 3, 2))


def test_nothing_is_not_counted():
    with pytest.raises(IntegrityError, match="monthcount_of_something"):
        MonthCountFactory(value=0)


def test_the_same_is_counted_once():
    one = MonthCountFactory(month=datetime.date(2026, 3, 1), measure="contacts", key="7")
    with transaction.atomic(), pytest.raises(IntegrityError, match="monthcount_once"):
        MonthCountFactory(sector=one.sector, month=one.month, measure="contacts", key="7")
    MonthCountFactory(sector=one.sector, month=one.month, measure="contacts", key="8")
