import datetime
import hashlib
from uuid import UUID, uuid4

import pytest

from contacts.messages.guarding import proof_of_work
from contacts.messages.guarding.form_token import FormToken
from contacts.models import RequestCount

NOON = datetime.datetime(2026, 5, 4, 12, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def test_a_token_comes_back_as_it_was_signed():
    token = FormToken.new(NOON, bits=15)
    assert FormToken.read(token.signed("message"), "message") == token


def test_a_token_is_good_for_its_own_kind_of_form():
    assert FormToken.read(FormToken.new(NOON).signed("message"), "word:1") is None


@pytest.mark.parametrize("text", ["", "x", ":", "a.b.c:d", "\0", "ø:ø", "\ufffd", "x" * 100_000])
def test_what_was_not_signed_here_is_no_token(text):
    assert FormToken.read(text, "message") is None


def test_a_token_that_was_changed_is_none():
    signed = FormToken.new(NOON, bits=15).signed("message")
    assert FormToken.read(signed.replace(".15.", ".01."), "message") is None


def test_under_three_seconds_is_too_fast_and_after_a_day_too_old():
    token = FormToken.new(NOON)
    assert token.is_too_fast(NOON + 2.9 * SECOND)
    assert not token.is_too_fast(NOON + 3 * SECOND)
    assert not token.is_too_old(NOON + 3600 * SECOND)
    assert not token.is_too_old(NOON + 24 * 3600 * SECOND)
    assert token.is_too_old(NOON + 24 * 3600 * SECOND + SECOND)


def test_a_form_that_was_filled_in_long_ago_may_be_sent_at_once_by_its_new_token():
    renewed = FormToken.new(NOON).renewed(NOON + 90_000 * SECOND, bits=16)
    assert not renewed.is_too_fast(NOON + 90_000 * SECOND)
    assert renewed.bits == 16


def test_a_seal_is_good_for_just_these_words_in_just_this_form():
    token, words = FormToken.new(NOON), {"text": "Hello", "place": ""}
    seal = token.seal(words)
    assert token.is_sealed(seal, dict(reversed(words.items())))
    assert not token.is_sealed(seal, words | {"text": "Hello!"})
    assert not FormToken.new(NOON).is_sealed(seal, words)
    assert not token.is_sealed("", words)
    assert not token.is_sealed("ø", words)


def solved(key: UUID, bits: int) -> str:
    number = 0
    while hashlib.sha256(f"{key.hex}:{number}".encode()).digest()[0] >> (8 - bits):
        number += 1
    return str(number)


def test_the_work_is_done_when_the_hash_begins_with_so_many_zero_bits():
    key = uuid4()
    answer = solved(key, 6)
    assert proof_of_work.is_done(key, answer, 6)
    assert not proof_of_work.is_done(key, answer, 60)


@pytest.mark.parametrize("answer", ["", "-1", "1e9", "٣", "9" * 17, "9" * 1_000_000, "\0", " 1"])
def test_what_is_no_number_is_no_work(answer):
    assert not proof_of_work.is_done(uuid4(), answer, 0)


@pytest.mark.django_db
def test_the_work_grows_with_the_messages_of_the_last_hour():
    assert proof_of_work.bits_needed(NOON) == proof_of_work.FEWEST_BITS
    for _ in range(proof_of_work.CALM_HOUR):
        proof_of_work.count_message(NOON)
    assert proof_of_work.bits_needed(NOON) == proof_of_work.FEWEST_BITS + 1
    for _ in range(proof_of_work.CALM_HOUR):
        proof_of_work.count_message(NOON)
    assert proof_of_work.bits_needed(NOON) == proof_of_work.FEWEST_BITS + 2
    assert proof_of_work.bits_needed(NOON + 2 * proof_of_work.HOUR) == proof_of_work.FEWEST_BITS


@pytest.mark.django_db
def test_the_work_does_not_grow_beyond_what_a_phone_can_do():
    proof_of_work.count_message(NOON)
    RequestCount.objects.update(count=10**6)
    assert proof_of_work.bits_needed(NOON) == proof_of_work.MOST_BITS
