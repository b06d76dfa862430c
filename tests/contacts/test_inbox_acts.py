"""What officers do about a message: once each, refused with a word where it is over, nothing typed is lost."""

import datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.messages.adding import add
from contacts.messages.erasing import erase_words
from contacts.messages.forgetting import erase_due
from contacts.messages.withdrawing import withdraw
from contacts.models import Exchange, Message
from contacts.tasks import watch_the_clock
from notifications.mail import compose
from notifications.models import Notification
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ExchangeFactory,
    MessageFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    days_ago,
    head_of,
    since,
)

pytestmark = pytest.mark.django_db
TYPED = "I come on Thursday at ten."


@pytest.fixture
def desk(quarter) -> SimpleNamespace:
    """Mette, who is logged in, her colleague Ulla, and Jonas of the next sector; a message to Mette's."""
    for officer in (quarter.mette, quarter.jonas):
        officer.user = UserFactory(name=officer.name)
        officer.save()
    ulla = OfficerFactory(station=quarter.station, name="Ulla Udkast", user=UserFactory(name="Ulla Udkast"))
    AssignmentFactory(attached=True, officer=ulla, sector=quarter.west)
    message = MessageFactory(sector=quarter.west, phone="12 34 56 78")
    client = Client()
    client.force_login(quarter.mette.user)
    return SimpleNamespace(
        quarter=quarter,
        mette=quarter.mette.user,
        jonas=quarter.jonas.user,
        ulla=ulla.user,
        message=message,
        client=client,
    )


def address_of(message: Message, act: str = "") -> str:
    return reverse(f"contacts:message_{act or 'detail'}", args=[message.uuid])


def form_of(desk, act: str, client: Client | None = None) -> dict[str, str]:
    """Open the act's page and return what its hidden fields hold."""
    form = (client or desk.client).get(address_of(desk.message, act)).context["form"]
    return {field.html_name: str(field.value()) for field in form.hidden_fields()}


def do(desk, act: str, client: Client | None = None, **typed):
    """Open the act's page, fill it in and send it."""
    client = client or desk.client
    return client.post(address_of(desk.message, act), form_of(desk, act, client) | typed, follow=True)


def steps(message: Message) -> list[str]:
    return list(message.events.values_list("kind", flat=True))


def told() -> list[tuple[str, str]]:
    """Who was told of what, the citizen left out."""
    rows = Notification.objects.filter(recipient__isnull=False).order_by("pk")
    return [(row.recipient.name, row.event.removeprefix("contacts.")) for row in rows]


# Answering


def test_an_answer_by_mail_answers_the_message(desk):
    page = do(desk, "reply", text=TYPED).content.decode()
    desk.message.refresh_from_db()
    assert "Your answer is on its way." in page
    assert desk.message.answered_at is not None
    assert steps(desk.message) == ["read", "answered"]
    said = desk.message.exchanges.get()
    assert (said.kind, said.text, said.by) == (Exchange.Kind.REPLY, TYPED, desk.mette)
    mail = Notification.objects.get(event="contacts.message_reply")
    assert (mail.to_address, TYPED in compose(mail).body) == ("citizen@example.org", True)


def test_the_same_form_sent_twice_answers_once(desk):
    form = form_of(desk, "reply") | {"text": TYPED}
    for _ in range(2):
        assert desk.client.post(address_of(desk.message, "reply"), form).status_code == 302
    assert desk.message.exchanges.count() == 1


def test_what_was_written_is_shown_beside_the_answer(desk):
    ExchangeFactory(message=desk.message, text="It is there again.")
    page = desk.client.get(address_of(desk.message, "reply")).content.decode()
    assert "There is rubbish in the passage." in page
    assert "It is there again." in page


def test_who_answers_second_is_told_and_keeps_what_was_typed(desk):
    colleague = Client()
    colleague.force_login(desk.ulla)
    form = form_of(desk, "reply")
    do(desk, "reply", colleague, text="Ulla was faster.")
    late = desk.client.post(address_of(desk.message, "reply"), form | {"text": TYPED})
    page = late.content.decode()
    assert late.status_code == 409
    assert TYPED in page
    assert "Ulla was faster." in page
    assert "Ulla Udkast" in page
    assert desk.message.exchanges.count() == 1
    again = {field.html_name: str(field.value()) for field in late.context["form"].hidden_fields()}
    assert desk.client.post(address_of(desk.message, "reply"), again | {"text": TYPED}).status_code == 302
    assert desk.message.exchanges.count() == 2


@pytest.mark.parametrize(
    "text",
    ["", "   ", "x" * 10_001, "null \0 character"],
)
def test_an_unfit_answer_is_refused_and_stays_in_the_form(desk, text):
    refused = do(desk, "reply", text=text)
    assert refused.status_code == 422
    assert refused.context["form"]["text"].value() == text
    assert not desk.message.exchanges.exists()


def test_without_an_address_nobody_is_answered_by_mail(desk):
    desk.message = MessageFactory(
        sector=desk.quarter.west, email="", phone="12345678", answer_by=Message.AnswerBy.PHONE
    )
    assert desk.client.get(address_of(desk.message, "reply")).status_code == 302
    refused = desk.client.post(address_of(desk.message, "reply"), {"token": uuid4(), "text": TYPED})
    assert refused.status_code == 409
    assert "The sender gave no e-mail address. Call instead." in refused.content.decode()
    assert TYPED in refused.content.decode()
    assert address_of(desk.message, "reply") not in desk.client.get(address_of(desk.message)).content.decode()


def test_a_call_in_which_they_spoke_is_an_answer(desk):
    do(desk, "call", spoke="yes", text="She will move it.")
    desk.message.refresh_from_db()
    call = desk.message.exchanges.get()
    assert (call.kind, call.text) == (Exchange.Kind.CALL, "She will move it.")
    assert desk.message.answered_at is not None
    assert steps(desk.message) == ["read", "answered"]


def test_a_call_in_vain_lets_the_clock_go_on(desk):
    do(desk, "call", spoke="no", text="Try before noon.")
    desk.message.refresh_from_db()
    note = desk.message.exchanges.get()
    assert (note.kind, note.text) == (
        Exchange.Kind.NOTE,
        "Called, and nobody was reached.\nTry before noon.",
    )
    assert desk.message.answered_at is None


def test_a_call_says_whether_they_spoke(desk):
    assert do(desk, "call", text=TYPED).status_code == 422
    assert not desk.message.exchanges.exists()


def test_a_second_answer_does_not_move_the_first(desk):
    first = days_ago(1)
    Message.objects.filter(pk=desk.message.pk).update(answered_at=first)
    do(desk, "call", spoke="yes")
    desk.message.refresh_from_db()
    assert desk.message.answered_at == first


def test_an_answer_takes_back_the_reminder_that_was_not_sent(desk):
    with time_machine.travel(desk.message.due_at):
        watch_the_clock()
    assert ("Mette Holm", "message_warning") in told()
    do(desk, "call", spoke="yes")
    assert "message_warning" not in {event for _name, event in told()}


def test_a_note_is_for_colleagues(desk):
    do(desk, "note", text="Knows the caretaker.")
    assert desk.message.exchanges.get().kind == Exchange.Kind.NOTE
    assert steps(desk.message) == ["read"]


# Passing on


def test_who_is_asked_to_take_care_of_it_gets_a_link_and_no_word_of_it(desk):
    page = do(desk, "assign", to=desk.ulla.pk).content.decode()
    desk.message.refresh_from_db()
    assert "Ulla Udkast takes care of it." in page
    assert desk.message.assigned_to == desk.ulla
    assert told() == [("Ulla Udkast", "message_assigned")]
    mail = compose(Notification.objects.get(event="contacts.message_assigned"))
    assert f"/inbox/{desk.message.uuid}/" in mail.body
    assert "rubbish" not in mail.body + mail.subject
    assert desk.message.name not in mail.body


def test_saying_it_twice_tells_once(desk):
    form = form_of(desk, "assign") | {"to": desk.ulla.pk}
    for _ in range(2):
        assert desk.client.post(address_of(desk.message, "assign"), form).status_code == 302
    assert len(told()) == 1


def test_taking_it_oneself_writes_no_mail(desk):
    do(desk, "assign", to=desk.mette.pk)
    assert told() == []


def test_it_can_be_left_to_whoever_answers(desk):
    do(desk, "assign", to=desk.ulla.pk)
    do(desk, "assign", to="")
    desk.message.refresh_from_db()
    assert desk.message.assigned_to is None


def test_only_who_works_in_the_sector_and_is_there_can_be_asked(desk):
    AbsenceFactory(officer=desk.ulla.officer, period=since(days=1))
    for stranger in (desk.jonas, desk.ulla):
        assert do(desk, "assign", to=stranger.pk).status_code == 422
    assert (
        desk.client.get(address_of(desk.message, "assign")).context["form"].fields["to"].queryset.count() == 1
    )


def test_an_attached_officer_answers_and_does_not_pass_on(desk):
    colleague = Client()
    colleague.force_login(desk.ulla)
    assert colleague.get(address_of(desk.message, "reply")).status_code == 200
    for act in ("assign", "move"):
        assert colleague.get(address_of(desk.message, act)).status_code == 404
        assert colleague.post(address_of(desk.message, act)).status_code == 404


def test_a_moved_message_is_the_other_sectors_and_the_clock_goes_on(desk):
    do(desk, "assign", to=desk.ulla.pk)
    due = desk.message.due_at
    page = do(desk, "move", sector="husum", text="It is behind your library.").content.decode()
    desk.message.refresh_from_db()
    assert "The message is in 2 Husum now. Who answers there is told." in page
    assert (desk.message.sector, desk.message.assigned_to) == (desk.quarter.mid, None)
    assert desk.message.due_at == due
    assert desk.message.events.get(kind="moved").from_sector == desk.quarter.west
    assert told()[-1] == ("Jonas Berg", "message_moved")
    mail = compose(Notification.objects.get(event="contacts.message_moved"))
    assert "The clock goes on" in mail.body
    assert "library" not in mail.body
    assert desk.client.get(address_of(desk.message)).status_code == 404


def test_it_moves_to_sectors_of_the_station_that_are_in_force_only(desk):
    elsewhere = SectorFactory(slug="elsewhere")
    unborn = SectorFactory(district=desk.quarter.north, slug="unborn", number=9)
    for slug in (elsewhere.slug, unborn.slug, "broenshoej", "nonsense", ""):
        assert do(desk, "move", sector=slug).status_code == 422
    desk.message.refresh_from_db()
    assert desk.message.sector == desk.quarter.west


# Closing


def test_a_closed_message_says_what_came_of_it_and_when_it_is_erased(desk, settings):
    settings.MESSAGE_KEPT_DAYS = 30
    do(desk, "close", result="settled", text="All clean.")
    desk.message.refresh_from_db()
    assert desk.message.result == "settled"
    assert (desk.message.erase_on - timezone.localdate()).days == 30
    assert steps(desk.message) == ["read", "closed"]
    assert desk.message.exchanges.get().kind == Exchange.Kind.NOTE
    page = desk.client.get(address_of(desk.message)).content.decode()
    assert "Closed: Settled" in page
    assert "To be erased on" in page


def test_it_is_closed_with_a_result_or_not_at_all(desk):
    assert do(desk, "close", text=TYPED).status_code == 422
    desk.message.refresh_from_db()
    assert desk.message.is_open


def test_closing_twice_is_no_mistake(desk):
    form = form_of(desk, "close") | {"result": "settled"}
    for _ in range(2):
        assert desk.client.post(address_of(desk.message, "close"), form).status_code == 302
    assert steps(desk.message).count("closed") == 1


def test_it_is_not_closed_over_what_the_sender_added_meanwhile(desk):
    form = form_of(desk, "close") | {"result": "settled", "text": TYPED}
    add(desk.message, "There is more of it!", form_token=uuid4())
    late = desk.client.post(address_of(desk.message, "close"), form)
    assert late.status_code == 409
    assert "There is more of it!" in late.content.decode()
    assert TYPED in late.content.decode()
    desk.message.refresh_from_db()
    assert desk.message.is_open


def test_an_opened_message_is_kept_as_long_as_it_is_open(desk):
    do(desk, "close", result="settled")
    page = do(desk, "reopen", text="He called again.").content.decode()
    desk.message.refresh_from_db()
    assert "The message is open again." in page
    assert (desk.message.is_open, desk.message.result, desk.message.erase_on) == (True, "", None)
    assert steps(desk.message) == ["read", "closed", "reopened"]


def test_an_open_message_is_not_opened(desk):
    assert desk.client.get(address_of(desk.message, "reopen")).status_code == 302
    assert desk.client.post(address_of(desk.message, "reopen"), {"token": uuid4()}).status_code == 302
    assert steps(desk.message) == []


# Over


def _close(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(closed_at=timezone.now(), result="spam")


def _withdraw(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(read_at=timezone.now())
    message.refresh_from_db()
    withdraw(message, timezone.now())


def _erase(message: Message) -> None:
    _close(message)
    message.refresh_from_db()
    erase_words(message, timezone.now())


@pytest.mark.parametrize(
    ("over", "word"),
    [(_close, "This message is closed"), (_withdraw, "has taken this message back"), (_erase, "are erased")],
)
@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("reply", {"text": TYPED}),
        ("call", {"spoke": "yes", "text": TYPED}),
        ("note", {"text": TYPED}),
        ("assign", {"to": ""}),
        ("move", {"sector": "husum", "text": TYPED}),
        ("close", {"result": "settled", "text": TYPED}),
    ],
)
def test_what_is_over_meanwhile_is_refused_with_a_word_and_keeps_what_was_typed(desk, over, word, act, typed):
    if act == "assign":
        Message.objects.filter(pk=desk.message.pk).update(assigned_to=desk.ulla)
    form = form_of(desk, act) | typed
    over(desk.message)
    before = Message.objects.values().get(pk=desk.message.pk)
    refused = desk.client.post(address_of(desk.message, act), form)
    assert refused.status_code == 409
    assert word in refused.content.decode()
    assert typed.get("text", "") in refused.content.decode()
    assert Message.objects.values().get(pk=desk.message.pk) == before
    assert desk.client.get(address_of(desk.message, act)).status_code == 302


@pytest.mark.parametrize("over", [_withdraw, _erase])
def test_what_has_gone_is_not_opened_again(desk, over):
    over(desk.message)
    refused = desk.client.post(address_of(desk.message, "reopen"), {"token": uuid4()})
    assert refused.status_code == 409
    assert "Open it again" not in desk.client.get(address_of(desk.message)).content.decode()


def test_words_are_erased_when_their_day_has_come_and_not_before(desk):
    do(desk, "note", text="Knows the caretaker.")
    do(desk, "close", result="settled")
    assert erase_due() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=settings.MESSAGE_KEPT_DAYS + 1)):
        assert erase_due() == 1
        assert erase_due() == 0
    desk.message.refresh_from_db()
    assert (desk.message.text, desk.message.email, desk.message.exchanges.get().text) == ("", "", "")
    assert steps(desk.message)[-1] == "erased"
    assert "What was written was erased on" in desk.client.get(address_of(desk.message)).content.decode()


def test_a_message_that_was_opened_again_is_not_erased(desk):
    do(desk, "close", result="settled")
    do(desk, "reopen")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=9999)):
        assert erase_due() == 0


def test_a_head_acts_for_a_reason_and_is_asked_for_it_first(desk):
    client = Client()
    client.force_login(head_of(desk.quarter.station))
    address = address_of(desk.message, "note")
    unasked = client.post(address, {"token": uuid4(), "text": TYPED})
    assert (unasked.status_code, unasked["Location"]) == (302, address_of(desk.message))
    client.post(address_of(desk.message, "reason"), {"reason": "The sender called me"})
    do(desk, "note", client, text=TYPED)
    assert desk.message.exchanges.get().text == TYPED
    desk.message.refresh_from_db()
    assert desk.message.read_at is None


@pytest.mark.parametrize("garbage", [{}, {"token": "x"}, {"token": "\0", "seen": "y" * 500, "to": "\0"}])
@pytest.mark.parametrize("act", ["reply", "call", "note", "assign", "move", "close"])
def test_garbage_changes_nothing(desk, act, garbage):
    Message.objects.filter(pk=desk.message.pk).update(assigned_to=desk.ulla)
    answer = desk.client.post(address_of(desk.message, act), garbage)
    assert answer.status_code in (409, 422)
    assert not desk.message.exchanges.exists()


@pytest.mark.parametrize(
    ("wants", "answered", "nearest"),
    [("email", None, "reply"), ("phone", None, "call"), ("none", None, "close"), ("email", 1, "close")],
)
def test_the_nearest_act_is_to_answer_as_the_sender_wants_it_then_to_close(desk, wants, answered, nearest):
    message = MessageFactory(
        sector=desk.quarter.west,
        answer_by=wants,
        phone="12345678",
        answered_at=answered and days_ago(answered),
    )
    assert desk.client.get(address_of(message)).context["nearest"] == nearest


def test_who_takes_care_of_it_can_be_nobody_in_particular(desk):
    page = desk.client.get(address_of(desk.message, "assign")).content.decode()
    assert "Whoever answers for the sector" in page
