"""The officers' inbox: what waits, in which order, and which words leave the database for whom."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from contacts.models import Exchange, Message, MessageEvent
from contacts.templatetags.inbox import by_when
from officers.models import Assignment, User
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    ExchangeFactory,
    LeadershipFactory,
    MessageFactory,
    OfficerFactory,
    StaffRoleFactory,
    UserFactory,
    between,
    days_ago,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


def account_of(officer) -> User:
    officer.user = UserFactory(name=officer.name)
    officer.save()
    return officer.user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mette(quarter) -> User:
    return account_of(quarter.mette)


@pytest.fixture
def jonas(quarter) -> User:
    return account_of(quarter.jonas)


def texts(response) -> list[str]:
    return [row.excerpt for row in response.context["rows"]]


def page_of(message: Message) -> str:
    return reverse("contacts:message_detail", args=[message.uuid])


def last_read(verb: str, subject: str) -> ReadEntry:
    """Return what was logged last: what a browser's test left in the log stays there."""
    return ReadEntry.objects.filter(verb=verb, subject=subject).latest("pk")


def test_the_most_urgent_stands_first(quarter, mette):
    west = {"sector": quarter.west}
    MessageFactory(**west, text="answered", received_at=days_ago(3), answered_at=timezone.now())
    more = MessageFactory(**west, text="wrote again", received_at=days_ago(2), answered_at=days_ago(1))
    ExchangeFactory(message=more, kind=Exchange.Kind.MAIL)
    MessageFactory(**west, text="just now")
    MessageFactory(**west, text="yesterday", received_at=days_ago(1))
    MessageFactory(**west, text="overdue", overdue=True)
    response = logged_in(mette).get(INBOX)
    assert texts(response) == ["overdue", "yesterday", "just now", "wrote again", "answered"]
    assert "The sender wrote again" in response.content.decode()


def test_only_ones_own_sectors_are_listed(quarter, mette):
    MessageFactory(sector=quarter.mid, text="another's")
    assert texts(logged_in(mette).get(INBOX)) == []


def test_an_empty_inbox_is_kind(quarter, mette):
    assert "Nobody is waiting for an answer. Well done." in logged_in(mette).get(INBOX).content.decode()


def test_mine_is_what_i_have_in_hand_and_what_nobody_has_where_i_answer(quarter, mette):
    colleague = account_of(OfficerFactory(station=quarter.station, name="Ulla Udkast"))
    AssignmentFactory(attached=True, officer=colleague.officer, sector=quarter.west)
    MessageFactory(sector=quarter.west, text="nobody's")
    MessageFactory(sector=quarter.west, text="Ulla's", assigned_to=colleague)
    assert texts(logged_in(mette).get(INBOX, {"show": "mine"})) == ["nobody's"]
    assert texts(logged_in(colleague).get(INBOX, {"show": "mine"})) == ["Ulla's"]
    assert len(texts(logged_in(colleague).get(INBOX))) == 2


def test_closed_ones_and_those_taken_back_are_apart(quarter, mette):
    MessageFactory(sector=quarter.west, text="closed", closed_at=days_ago(1), result="settled")
    MessageFactory(sector=quarter.west, text="taken back", withdrawn_at=timezone.now())
    client = logged_in(mette)
    assert texts(client.get(INBOX)) == []
    # The words of what was taken back are offered to nobody.
    assert texts(client.get(INBOX, {"show": "closed"})) == ["", "closed"]


@pytest.mark.parametrize(
    "query", [{"show": "nonsense"}, {"page": "9999999"}, {"sector": "\0"}, {"page": "-1"}]
)
def test_nonsense_in_the_address_shows_what_is_open(quarter, mette, query):
    MessageFactory(sector=quarter.west, text="open")
    assert texts(logged_in(mette).get(INBOX, query)) == ["open"]


def test_a_list_of_many_pages_asks_as_few_questions_as_a_short_one(
    quarter, mette, django_assert_max_num_queries
):
    for number in range(35):
        ExchangeFactory(message=MessageFactory(sector=quarter.west, text=str(number), assigned_to=mette))
    client = logged_in(mette)
    with django_assert_max_num_queries(12):
        first = client.get(INBOX)
    assert len(texts(first)) == 30
    assert len(texts(client.get(INBOX, {"page": 2}))) == 5


def test_what_the_list_shows_is_logged(quarter, mette):
    message = MessageFactory(sector=quarter.west)
    logged_in(mette).get(INBOX)
    read = last_read("listed", "contacts.message")
    assert read.keys == [f"contacts.message:{message.pk}"]


def test_the_head_of_the_station_sees_what_waits_without_a_word_of_it(quarter):
    MessageFactory(sector=quarter.west, text="My neighbour shouts", name="Cirkeline", phone="12345678")
    page = logged_in(head_of(quarter.station)).get(INBOX).content.decode()
    assert "Brønshøj" in page
    assert not any(word in page for word in ("neighbour", "Cirkeline", "12345678", "citizen@example.org"))


def test_the_head_of_a_district_sees_what_is_overdue_there(quarter):
    MessageFactory(sector=quarter.west, received_at=days_ago(1))
    late = MessageFactory(sector=quarter.west, overdue=True)
    MessageFactory(sector=quarter.vacant, overdue=True)
    response = logged_in(head_of_district(quarter.north)).get(INBOX)
    assert [row.pk for row in response.context["rows"]] == [late.pk]


def test_a_head_is_asked_why_before_a_word_is_shown_and_the_reason_is_logged(quarter):
    message = MessageFactory(sector=quarter.west, text="My neighbour shouts", overdue=True)
    client = logged_in(head_of_district(quarter.north))
    asked = client.get(page_of(message))
    assert "Why do you read this message?" in asked.content.decode()
    assert "neighbour" not in asked.content.decode()
    short = client.post(f"{page_of(message)}reason/", {"reason": "x"})
    assert (short.status_code, "neighbour" in short.content.decode()) == (422, False)
    answer = client.post(f"{page_of(message)}reason/", {"reason": "The sender called me"}, follow=True)
    assert "My neighbour shouts" in answer.content.decode()
    read = last_read("shown", "contacts.message")
    assert (read.purpose, read.sectors) == ("The sender called me", [quarter.west.pk])


def test_a_reason_holds_for_one_message(quarter):
    one, other = MessageFactory.create_batch(2, sector=quarter.west, text="My neighbour shouts")
    client = logged_in(head_of(quarter.station))
    client.post(f"{page_of(one)}reason/", {"reason": "The sender called me"})
    assert "neighbour" in client.get(page_of(one)).content.decode()
    assert "neighbour" not in client.get(page_of(other)).content.decode()
    assert "neighbour" not in client.get(f"{page_of(other)}reply/", follow=True).content.decode()


def test_a_head_who_works_in_the_sector_is_not_asked(quarter, mette):
    LeadershipFactory(user=mette, station=quarter.station)
    message = MessageFactory(sector=quarter.west, text="My neighbour shouts")
    assert "neighbour" in logged_in(mette).get(page_of(message)).content.decode()


def test_a_foreign_message_is_not_found(quarter, jonas):
    message = MessageFactory(sector=quarter.west)
    client = logged_in(jonas)
    for act in ("", "read/", "reply/", "call/", "note/", "close/", "assign/", "move/", "reopen/", "reason/"):
        assert client.get(page_of(message) + act).status_code == 404
        assert client.post(page_of(message) + act).status_code in (404, 405)


def test_showing_a_message_changes_nothing(quarter, mette):
    message = MessageFactory(sector=quarter.west)
    assert logged_in(mette).get(page_of(message)).status_code == 200
    message.refresh_from_db()
    assert message.read_at is None
    assert not message.events.exists()


def test_the_page_says_itself_that_it_was_read_and_that_counts_once(quarter, mette):
    message = MessageFactory(sector=quarter.west)
    client = logged_in(mette)
    for _ in range(2):
        assert client.post(f"{page_of(message)}read/").status_code == 302
    message.refresh_from_db()
    assert message.read_at is not None
    event = MessageEvent.objects.get(message=message)
    assert (event.kind, event.by) == ("read", mette)
    assert "data-mark-read" not in client.get(page_of(message)).content.decode()


def test_what_the_page_says_leaves_no_word_for_the_next_one(quarter, mette):
    message = MessageFactory(sector=quarter.west)
    client = logged_in(mette)
    assert client.post(f"{page_of(message)}read/", {"by": "page"}).status_code == 204
    assert "Noted as read" not in client.get(page_of(message)).content.decode()


def test_a_head_reading_is_not_told_to_the_sender(quarter):
    message = MessageFactory(sector=quarter.west, overdue=True)
    client = logged_in(head_of(quarter.station))
    client.post(f"{page_of(message)}reason/", {"reason": "The sender called me"})
    assert "data-mark-read" not in client.get(page_of(message)).content.decode()
    assert client.post(f"{page_of(message)}read/").status_code == 404


def test_the_page_says_all_there_is(quarter, mette, jonas, django_assert_max_num_queries):
    message = MessageFactory(
        sector=quarter.west,
        place="Behind number 14",
        phone="+45 12 34 56 78",
        answer_by="phone",
        language="da",
        seemed_urgent=True,
        assigned_to=mette,
    )
    for number in range(10):
        ExchangeFactory(message=message, text=f"word {number}", by=mette if number % 2 else None)
        MessageEvent.objects.create(message=message, kind="moved", by=jonas, from_sector=quarter.mid)
    client = logged_in(mette)
    with django_assert_max_num_queries(16):
        page = client.get(page_of(message)).content.decode()
    for words in (
        "There is rubbish in the passage.",
        "Behind number 14",
        'href="tel:+4512345678"',
        'href="mailto:citizen@example.org"',
        "Danish",
        "Some words sounded urgent",
        "To be answered by",
        "word 9",
        "Jonas Berg moved it here from 2 Husum",
        "Write a log entry from it",
    ):
        assert words in page
    read = last_read("shown", "contacts.exchange")
    assert len(read.keys) == 10


def test_what_a_citizen_writes_is_text_and_nothing_else(quarter, mette):
    message = MessageFactory(sector=quarter.west, text="<script>alert(1)</script>", name="<b>x</b>")
    for address in (INBOX, page_of(message), f"{page_of(message)}reply/"):
        page = logged_in(mette).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x" not in page


def test_who_covers_sees_the_messages_for_the_dates_of_the_cover_and_both_know(quarter, mette, jonas):
    away = AbsenceFactory(officer=quarter.mette, period=between(days=(-1, 3)))
    cover = CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas)
    message = MessageFactory(sector=quarter.west, text="while you are away")
    assert cover.pk
    theirs, own = logged_in(jonas).get(INBOX), logged_in(mette).get(INBOX)
    assert texts(theirs) == texts(own) == ["while you are away"]
    assert "You answer in Brønshøj for Mette Holm, who is away until" in theirs.content.decode()
    assert "Jonas Berg answers in Brønshøj while you are away" in own.content.decode()
    assert "for Mette Holm, who is away until" in logged_in(jonas).get(page_of(message)).content.decode()


def test_when_the_cover_is_over_its_messages_are_seen_by_who_is_back(quarter, mette, jonas):
    away = AbsenceFactory(officer=quarter.mette, period=between(days=(-9, -2)))
    CoverFactory(absence=away, sector=quarter.west, officer=quarter.jonas)
    MessageFactory(sector=quarter.west, text="came meanwhile", received_at=days_ago(4))
    assert texts(logged_in(jonas).get(INBOX)) == []
    assert texts(logged_in(mette).get(INBOX)) == ["came meanwhile"]


def test_a_vacant_sectors_messages_are_seen_by_who_is_attached(quarter):
    user = account_of(OfficerFactory(station=quarter.station))
    AssignmentFactory(officer=user.officer, sector=quarter.vacant, role=Assignment.Role.ATTACHED)
    message = MessageFactory(sector=quarter.vacant, text="anybody there?")
    assert texts(logged_in(user).get(INBOX)) == ["anybody there?"]
    assert "nobody answers for the sector now" in logged_in(user).get(page_of(message)).content.decode()


def test_figures_for_a_district_are_aggregates(quarter):
    MessageFactory.create_batch(4, sector=quarter.west, received_at=timezone.now())
    MessageFactory.create_batch(6, sector=quarter.mid, received_at=timezone.now())
    MessageFactory(sector=quarter.mid, overdue=True)
    rows = {
        row["sector"].slug: (row["waiting"], row["late"])
        for row in logged_in(head_of_district(quarter.north)).get("/inbox/figures/").context["rows"]
    }
    assert rows == {"broenshoej": (None, 0), "husum": (7, 1)}


def test_figures_are_exact_for_the_head_of_the_station_and_never_for_an_analyst(quarter):
    MessageFactory(sector=quarter.west, overdue=True)
    analyst = StaffRoleFactory(analyst=True, station=quarter.station).user
    told = {}
    for who, user in (("head", head_of(quarter.station)), ("analyst", analyst)):
        rows = logged_in(user).get("/inbox/figures/").context["rows"]
        told[who] = {row["sector"].slug: (row["waiting"], row["late"]) for row in rows}
    assert told["head"]["broenshoej"] == (1, 1)
    assert told["analyst"]["broenshoej"] == (None, None)


def test_figures_ask_few_questions(quarter, django_assert_max_num_queries):
    MessageFactory.create_batch(9, sector=quarter.west)
    client = logged_in(head_of(quarter.station))
    with django_assert_max_num_queries(7):
        client.get("/inbox/figures/")


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ({"hours": 3}, "To be answered by today at 13:00"),
        ({"hours": 14}, "To be answered by the end of today"),
        ({"days": 1}, "To be answered by tomorrow at 10:00"),
        ({"days": 2}, "To be answered by Wednesday 25 November at 10:00"),
        ({"hours": -1}, "Overdue since today at 09:00"),
        ({"days": -1}, "Overdue since yesterday at 10:00"),
    ],
)
def test_the_clock_speaks_as_people_do(ahead, said):
    now = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
    message = MessageFactory.build(sector=None, due_at=now + datetime.timedelta(**ahead))
    assert by_when(message, now) == said
