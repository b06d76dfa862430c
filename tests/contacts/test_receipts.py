"""The links by which a citizen follows a message."""

from uuid import uuid4

import pytest

from contacts.messages.receipts import message_of, token_of, uuid_in
from contacts.models import Message
from tests.factories import MessageFactory


@pytest.mark.django_db
def test_a_token_opens_its_message_and_survives_capitals_and_blanks():
    message = MessageFactory()
    token = token_of(message)
    assert len(token) == 52
    assert token == token.lower()
    assert message_of(token) == message
    assert message_of(f" {token.upper()}\n") == message


def test_each_message_has_a_token_of_its_own():
    assert token_of(Message(uuid=uuid4())) != token_of(Message(uuid=uuid4()))


@pytest.mark.parametrize("place", [0, 25, 26, 51])
def test_no_character_of_a_token_can_be_another(place):
    token = token_of(Message(uuid=uuid4()))
    other = "a" if token[place] != "a" else "q"
    assert uuid_in(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "x", "ø" * 52, "1" * 52, "a" * 51, "a" * 53, "a" * 10_000, "\0" * 52])
def test_other_texts_open_nothing_and_ask_no_database(text):
    assert message_of(text) is None


def test_a_link_outlives_a_new_key_while_the_old_one_is_known(settings):
    message = Message(uuid=uuid4())
    token = token_of(message)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert uuid_in(token) == message.uuid
    settings.SECRET_KEY_FALLBACKS = []
    assert uuid_in(token) is None
