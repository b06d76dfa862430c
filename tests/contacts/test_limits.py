import datetime
import threading

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory

from contacts import limits
from contacts.models import RequestCount

HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2026, 5, 4, 12, 0, tzinfo=datetime.UTC)


def request_from(address: str, **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


@pytest.mark.django_db
def test_the_first_ones_are_allowed_and_the_next_is_not():
    request = request_from("192.0.2.1")
    answers = [limits.allowed("try", request, limit=3, window=HOUR, now=NOON) for _ in range(4)]
    assert answers == [True, True, True, False]


@pytest.mark.django_db
def test_each_address_each_act_and_each_window_counts_by_itself():
    request = request_from("192.0.2.1")
    assert limits.allowed("try", request, limit=1, window=HOUR, now=NOON)
    assert limits.allowed("try", request_from("192.0.2.2"), limit=1, window=HOUR, now=NOON)
    assert limits.allowed("other", request, limit=1, window=HOUR, now=NOON)
    assert limits.allowed("try", request, limit=1, window=HOUR, now=NOON + HOUR)
    assert not limits.allowed("try", request, limit=1, window=HOUR, now=NOON)


@pytest.mark.django_db
def test_who_it_was_cannot_be_read_and_holds_for_a_day_only():
    limits.allowed("try", request_from("192.0.2.1"), limit=1, window=HOUR, now=NOON)
    limits.allowed("try", request_from("192.0.2.1"), limit=1, window=HOUR, now=NOON + 24 * HOUR)
    first, second = RequestCount.objects.order_by("window").values_list("who", flat=True)
    assert first != second
    assert "192" not in first


@pytest.mark.django_db
def test_all_of_a_network_of_version_6_is_one_and_a_mapped_address_is_its_own():
    assert limits.address_of(request_from("2001:db8::1")) == limits.address_of(
        request_from("2001:db8::ffff:2")
    )
    assert limits.address_of(request_from("2001:db8::1")) != limits.address_of(
        request_from("2001:db8:0:1::1")
    )
    assert limits.address_of(request_from("::ffff:192.0.2.7")) == "192.0.2.7"


def test_behind_a_proxy_the_address_that_it_wrote_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = request_from("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.9, 203.0.113.5")
    assert limits.address_of(forged) == "203.0.113.5"


def test_without_a_proxy_a_header_that_anybody_can_write_does_not_count():
    assert limits.address_of(request_from("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.9")) == "10.0.0.1"


@pytest.mark.parametrize("address", ["", "not an address"])
def test_an_address_that_cannot_be_told_is_no_error(address):
    assert limits.address_of(request_from(address)) == "unknown"


def test_fewer_proxies_than_were_promised_are_no_error(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert limits.address_of(request_from("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.9")) == "unknown"


def test_a_window_longer_than_a_day_is_refused():
    with pytest.raises(ValueError, match="a day"):
        limits.allowed("try", "all", limit=1, window=datetime.timedelta(days=2))


@pytest.mark.django_db
def test_lately_the_hour_before_counts_as_far_as_it_is_not_gone_by():
    for _ in range(4):
        limits.count_one("try", "all", window=HOUR, now=NOON)
    assert limits.counted_lately("try", "all", window=HOUR, now=NOON + 0.5 * HOUR) == 4
    assert limits.counted_lately("try", "all", window=HOUR, now=NOON + 1.5 * HOUR) == 2
    assert limits.counted_lately("try", "all", window=HOUR, now=NOON + 2 * HOUR) == 0


@pytest.mark.django_db
def test_lately_reaches_back_over_midnight():
    midnight = NOON + 12 * HOUR
    limits.count_one("try", "all", window=HOUR, now=midnight - 0.1 * HOUR)
    assert limits.counted_lately("try", "all", window=HOUR, now=midnight) == 1


@pytest.mark.django_db
def test_counts_of_long_ago_are_forgotten_and_others_stay():
    limits.count_one("try", "all", window=HOUR, now=NOON)
    limits.count_one("try", "all", window=HOUR, now=NOON + 48 * HOUR)
    assert limits.forget_before(NOON + 24 * HOUR) == 1
    assert RequestCount.objects.count() == 1


@pytest.mark.django_db
def test_a_count_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        limits.allowed("try", "all", limit=1, window=HOUR)


def test_it_says_when_one_may_go_on():
    with time_machine.travel(NOON + 0.25 * HOUR, tick=False):
        assert limits.free_again_at(HOUR) == NOON + HOUR


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_the_limit_is_allowed():
    answers = []

    def attempt() -> None:
        answers.append(limits.allowed("try", "all", limit=5, window=HOUR, now=NOON))
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True] * 5
