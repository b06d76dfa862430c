"""The form by which a citizen leaves a message: what stands in the way of programs, and loses nobody's words."""

import datetime
import hashlib
import html
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from contacts.messages.guarding import proof_of_work
from contacts.messages.guarding.form_token import FormToken
from contacts.models import Message, RequestCount
from contacts.views import message_leave
from officers import responsibility
from sectors.snapshot import Snapshot
from tests.factories import AbsenceFactory, BoundaryReleaseFactory, CoverFactory, UserFactory, square

URL = "/sectors/broenshoej/message/"
WORDS = {
    "text": "Cars park on the cycle path\nevery morning.",
    "place": "Frederikssundsvej 112",
    "answer_by": "email",
    "email": "citizen@example.org",
    "phone": "",
    "language": "en",
    "name": "Cirkeline Citat",
    "website": "",
}
pytestmark = pytest.mark.usefixtures("quarter")


@pytest.fixture(autouse=True)
def _light_work(monkeypatch):
    """Let the work be done within a millisecond; how hard it is is tested with the token."""
    monkeypatch.setattr(proof_of_work, "FEWEST_BITS", 4)


def token_of_page(response) -> str:
    return html.unescape(re.search(r'name="form_token" value="([^"]+)"', response.content.decode())[1])


def hidden(response) -> dict[str, str]:
    """Return what the page sends along without being asked."""
    tags = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.content.decode())
    return {name: html.unescape(value) for name, value in tags}


def worked(token: str) -> str:
    key, bits = FormToken.read(token, message_leave.PURPOSE).key, 4
    numbers = (str(number) for number in range(10_000))
    return next(
        n for n in numbers if hashlib.sha256(f"{key.hex}:{n}".encode()).digest()[0] >> (8 - bits) == 0
    )


def a_token(seconds_ago: float = 60) -> str:
    made = timezone.now() - datetime.timedelta(seconds=seconds_ago)
    return FormToken.new(made, bits=4).signed(message_leave.PURPOSE)


def send(client, url: str = URL, *, token: str | None = None, work: bool = True, **words):
    """Send the form as a browser does."""
    token = a_token() if token is None else token
    known = FormToken.read(token, message_leave.PURPOSE)
    data = WORDS | {"form_token": token, "work": worked(token) if work and known else ""} | words
    return post(client, url, data)


def post(client, url: str, data: dict[str, str], **headers: str):
    return client.post(url, urlencode(data), content_type="application/x-www-form-urlencoded", **headers)


def assert_kept(response) -> None:
    page = html.unescape(response.content.decode())
    for word in (WORDS["text"], WORDS["place"], WORDS["email"], WORDS["name"]):
        assert word in page


# The form


def test_the_form_says_who_reads_it_and_what_to_call_when_it_is_urgent(client):
    page = client.get(URL).content.decode()
    assert "Message to Mette Holm" in page
    assert "Mette Holm, your police officer, reads it" in page
    assert 'href="tel:112"' in page
    assert 'href="tel:114"' in page
    assert "365 days" in page


def test_during_an_absence_it_says_who_reads_it_and_until_when(client, quarter):
    CoverFactory(absence=AbsenceFactory(officer=quarter.mette), sector=quarter.west, officer=quarter.jonas)
    page = client.get(URL).content.decode()
    assert "Jonas Berg reads it and answers you, in place of Mette Holm." in page
    assert "is away until" in page


def test_of_a_vacant_sector_it_says_that_the_district_sees_to_it(client):
    page = client.get("/sectors/vanloese/message/").content.decode()
    assert "South sees to it that you are answered." in page


def test_the_form_makes_no_cookie_and_is_listed_nowhere(client):
    client.cookies.clear()
    for response in (client.get(URL), send(client)):
        assert not response.cookies
        assert response["X-Robots-Tag"] == "noindex"
        assert "private" in response["Cache-Control"]
    assert 'content="noindex"' in client.get(URL).content.decode()
    assert "csrfmiddlewaretoken" not in client.get(URL).content.decode()


def test_the_form_takes_one_query(client, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get(URL)
    with django_assert_num_queries(1):  # how many messages came lately
        client.get(URL)


def test_a_sector_that_never_was_has_no_form(client):
    assert client.get("/sectors/nowhere/message/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(URL).status_code == 405


# Sent


def test_a_message_is_received_and_its_receipt_stands_at_its_own_address(client, quarter):
    response = send(client)
    message = Message.objects.get()
    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 200
    assert message.sector == quarter.west
    assert (message.text, message.name) == (WORDS["text"], WORDS["name"])
    assert not message.seemed_urgent


def test_in_danish_the_receipt_is_danish(client):
    assert send(client, f"/da{URL}")["Location"].startswith("/da/messages/")


def test_only_what_the_chosen_way_needs_is_kept(client):
    send(client, answer_by="phone", phone="+45 12 34 56 78")
    message = Message.objects.get()
    assert (message.email, message.phone) == ("", "+45 12 34 56 78")


def test_no_answer_needs_no_address(client):
    assert send(client, answer_by="none", email="", name="", place="").status_code == 303
    assert Message.objects.get().email == ""


def test_receiving_takes_few_queries(client, settings, quarter, django_assert_max_num_queries):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    settings.REGISTER_RECHECK_SECONDS = 60.0
    client.get(URL)
    token = a_token()
    with django_assert_max_num_queries(25):
        assert send(client, token=token).status_code == 303


def test_the_same_form_from_two_tabs_is_one_message_with_one_receipt(client):
    token = a_token()
    first, second = send(client, token=token), send(client, token=token)
    assert first["Location"] == second["Location"]
    assert Message.objects.count() == 1


def test_other_words_by_the_same_form_are_not_swallowed(client):
    token = a_token()
    first = send(client, token=token)
    other = send(client, token=token, text="Something else")
    assert other.status_code == 409
    assert first["Location"] in other.content.decode()
    again = send(client, token=token_of_page(other), text="Something else")
    assert again.status_code == 303
    assert again["Location"] != first["Location"]
    assert Message.objects.count() == 2


def test_what_was_taken_back_can_be_sent_again(client):
    token = a_token()
    receipt = send(client, token=token)["Location"]
    post(client, f"{receipt}withdraw/", {})
    again = send(client, token=token)
    assert again.status_code == 409
    assert "was taken back" in again.content.decode()
    assert_kept(again)


def test_after_an_hour_it_is_simply_sent(client):
    token = token_of_page(client.get(URL))
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1, minutes=5)):
        assert send(client, token=token).status_code == 303


@pytest.mark.usefixtures("no_broker")
def test_a_message_is_received_without_redis_and_workers(client):
    response = send(client)
    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 200
    assert client.get(URL).status_code == 200


# In the way


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"text": ""}, "Write what it is about."),
        ({"text": " \n\t"}, "Write what it is about."),
        ({"text": "\0\0"}, "Write what it is about."),
        ({"text": "x" * 4001}, "Write 4000 characters at most. It has 4001 now."),
        ({"place": "x" * 201}, "Write 200 characters at most."),
        ({"name": "x" * 101}, "Write 100 characters at most."),
        ({"email": ""}, "Write your e-mail address, or choose another way."),
        ({"email": "citizen"}, "This is no complete e-mail address."),
        ({"email": "a@b.dk\nBcc: c@d.dk"}, "This is no complete e-mail address."),
        ({"answer_by": "phone"}, "Write your telephone number, or choose another way."),
        ({"answer_by": "phone", "phone": "call me"}, "Write the whole telephone number in digits."),
        ({"answer_by": "phone", "phone": "12"}, "Write the whole telephone number in digits."),
        ({"answer_by": "pigeon"}, "Choose how you can be reached."),
        ({"language": "tlh"}, "Choose a language for the answer."),
    ],
)
def test_what_is_missing_is_named_above_and_at_its_field_and_all_is_kept(client, words, sentence):
    response = send(client, **words)
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert page.count(sentence) == 2
    for name in ("text", "place", "email", "name"):
        assert (WORDS | words)[name].replace("\0", "").strip() in page
    assert not Message.objects.exists()


def test_a_program_that_falls_into_the_trap_can_still_be_a_person(client):
    response = send(client, website="https://spam.example")
    assert response.status_code == 422
    assert_kept(response)
    assert "spam.example" not in response.content.decode()
    assert send(client, token=token_of_page(response)).status_code == 303


def test_the_trap_is_reached_neither_by_keyboard_nor_by_a_reader(client):
    trap = client.get(URL).content.decode().partition('class="message-trap"')[2].partition("</div>")[0]
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_too_fast_the_form_comes_back_and_one_more_press_sends_it(client):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = token_of_page(client.get(URL))
        clock.shift(2)
        response = send(client, token=token)
        assert response.status_code == 422
        assert_kept(response)
        clock.shift(1)
        assert send(client, token=token_of_page(response)).status_code == 303


def test_after_a_day_the_form_comes_back_and_one_more_press_sends_it(client):
    response = send(client, token=a_token(25 * 3600))
    assert response.status_code == 422
    assert "Nothing is lost: press Send once more." in response.content.decode()
    assert_kept(response)
    assert send(client, token=token_of_page(response)).status_code == 303


@pytest.mark.parametrize("token", ["", "forged", "\ufffd"])
def test_without_a_genuine_token_the_form_comes_back_with_one(client, token):
    response = send(client, token=token)
    assert response.status_code == 422
    assert_kept(response)
    assert FormToken.read(token_of_page(response), message_leave.PURPOSE)


def test_without_script_the_message_is_shown_once_more_and_a_second_press_sends_it(client):
    response = send(client, work=False)
    assert response.status_code == 200
    assert "Is this right?" in response.content.decode()
    assert_kept(response)
    assert not Message.objects.exists()
    assert post(client, URL, hidden(response)).status_code == 303
    assert Message.objects.get().text == WORDS["text"]


def test_what_was_changed_after_the_second_look_is_shown_again(client):
    response = send(client, work=False)
    changed = post(client, URL, hidden(response) | {"text": "Something else"})
    assert changed.status_code == 200
    assert "Something else" in changed.content.decode()
    assert not Message.objects.exists()


def test_from_the_second_look_one_may_go_back_and_change(client):
    response = send(client, work=False)
    form = post(client, URL, hidden(response) | {"change": "1"})
    assert form.status_code == 200
    assert 'name="text"' in form.content.decode()
    assert_kept(form)


def test_work_for_another_form_is_no_work(client):
    response = send(client, work=False, work_of_another=worked(a_token()))
    assert "Is this right?" in response.content.decode()


def test_urgent_words_show_whom_to_call_before_it_is_sent(client):
    response = send(client, text="Somebody is breaking in next door")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Is it happening now, or is somebody in danger?" in page
    assert 'href="tel:112"' in page
    assert not Message.objects.exists()
    assert post(client, URL, hidden(response)).status_code == 303
    message = Message.objects.get()
    assert message.seemed_urgent
    assert message.text == "Somebody is breaking in next door"


def test_an_urgent_message_without_script_needs_one_second_look_and_not_two(client):
    response = send(client, work=False, text="Help!")
    assert post(client, URL, hidden(response)).status_code == 303


# Floods


def test_who_sends_too_many_keeps_the_text_and_is_told_when_and_whom_to_call(client):
    noon = datetime.datetime(2027, 5, 4, 12, 20, tzinfo=datetime.UTC)
    with time_machine.travel(noon, tick=False):
        for number in range(message_leave.MOST_AN_HOUR):
            assert send(client, text=f"Message {number}").status_code == 303
        response = send(client)
    page = response.content.decode()
    assert response.status_code == 429
    assert response["Retry-After"] == "2401"
    assert "after 15:00" in page
    assert 'href="tel:+4511111111"' in page
    assert_kept(response)
    assert Message.objects.count() == message_leave.MOST_AN_HOUR


def test_another_address_is_not_held_up(client):
    for number in range(message_leave.MOST_AN_HOUR + 1):
        send(client, text=f"Message {number}")
    token = a_token()
    data = WORDS | {"form_token": token, "work": worked(token)}
    assert post(client, URL, data, REMOTE_ADDR="192.0.2.77").status_code == 303


def test_without_the_work_fewer_are_taken(client):
    answers = []
    for number in range(message_leave.MOST_UNPROVEN_AN_HOUR + 1):
        shown = send(client, work=False, text=f"Message {number}")
        answers.append(post(client, URL, hidden(shown)).status_code)
    assert answers == [303] * message_leave.MOST_UNPROVEN_AN_HOUR + [429]


def test_a_flood_from_many_addresses_without_the_work_is_bounded_too(client, monkeypatch):
    monkeypatch.setattr(message_leave, "MOST_UNPROVEN_AN_HOUR_IN_ALL", 2)
    answers = []
    for number in range(3):
        shown = send(client, work=False, text=f"Message {number}")
        answers.append(post(client, URL, hidden(shown), REMOTE_ADDR=f"192.0.2.{number}").status_code)
    assert answers == [303, 303, 429]


def test_looking_and_mistakes_are_not_counted(client):
    client.get(URL)
    send(client, text="")
    send(client, work=False)
    assert not RequestCount.objects.exists()


# Bad input


def test_five_megabytes_are_refused_before_they_are_read(client):
    response = send(client, text="x" * 5_000_000)
    assert response.status_code == 413
    assert "4,000 characters at most" in response.content.decode()


def test_some_hundred_thousand_characters_come_back_whole(client):
    text = "word " * 50_000
    response = send(client, text=text)
    assert response.status_code == 422
    assert text.strip() in response.content.decode()


def test_thousands_of_fields_are_refused(client):
    data = {f"field{number}": "x" for number in range(2000)}
    assert post(client, URL, data).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{}", "application/json"),
        ("--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        ("text=x", "text/plain"),
    ],
)
def test_another_kind_of_form_is_refused(client, body, kind):
    assert client.post(URL, body, content_type=kind).status_code == 415


def test_another_alphabet_of_bytes_is_refused(client):
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    assert client.post(URL, "text=x", content_type=kind).status_code == 400


def test_nothing_at_all_is_a_form_with_something_missing(client):
    assert post(client, URL, {}).status_code == 422
    assert client.generic("POST", URL).status_code == 422


def test_broken_bytes_and_surrogates_are_no_error(client):
    token = a_token()
    broken = f"form_token={token}&work={worked(token)}&answer_by=none&language=en&text=a%ED%A0%80b%FF%00c"
    response = client.post(URL, broken, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert Message.objects.get().text.startswith("a")
    assert "\0" not in Message.objects.get().text


def test_a_name_with_line_breaks_is_one_line(client):
    send(client, name="Eve\r\nBcc: all@police.example\u202e")
    assert Message.objects.get().name == "Eve Bcc: all@police.example"


@pytest.mark.parametrize(
    "text", ["مرحبا، هناك سيارات", "👩‍👩‍👧 🚲🚓", "Ω≈ç√∫ 漢字", "<script>alert(1)</script>"]
)
def test_every_script_is_kept_as_it_was_written(client, text):
    response = send(client, text=text)
    assert Message.objects.get().text == text
    assert html.escape(text) in client.get(response["Location"]).content.decode()


def test_four_thousand_emoji_fit(client):
    assert send(client, text="🚲" * 4000).status_code == 303


# What changes meanwhile


def redraw(quarter) -> None:
    """Put another release in force from now on, in which Brønshøj is no sector any more."""
    now = timezone.now()
    quarter.release.period = DateTimeTZRange(quarter.release.period.lower, now)
    quarter.release.save()
    following = BoundaryReleaseFactory(station=quarter.station, areas={quarter.mid: square(1)})
    following.period, following.published_at = DateTimeTZRange(now, None), now
    following.save()
    Snapshot.forget_all()


def test_a_sector_that_disappears_meanwhile_loses_nothing(client, quarter):
    token = token_of_page(client.get(URL))
    redraw(quarter)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5)):
        response = send(client, token=token)
        page = response.content.decode()
        assert response.status_code == 409
        assert "The sectors have been redrawn" in page
        assert_kept(response)
        assert '<option value="husum">' in page
        again = send(client, token=token_of_page(response), sector="husum")
    assert again.status_code == 303
    assert Message.objects.get().sector == quarter.mid


def test_without_script_a_chosen_sector_goes_along_to_the_second_look(client, quarter):
    redraw(quarter)
    shown = send(client, work=False, sector="husum")
    assert post(client, URL, hidden(shown)).status_code == 303
    assert Message.objects.get().sector == quarter.mid


def test_nobody_chooses_a_sector_for_a_page_whose_own_is_there(client, quarter):
    send(client, sector="husum")
    assert Message.objects.get().sector == quarter.west


# The database away


@pytest.fixture
def outage(client, quarter):
    """From now on every query fails, as it does when the connection is lost."""
    client.get(URL)

    def fail(*args):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.usefixtures("outage")
def test_while_the_database_is_away_the_text_is_kept_and_the_telephone_shown(client):
    response = send(client)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert_kept(response)
    assert 'href="tel:+4511111111"' in response.content.decode()


@pytest.mark.usefixtures("outage")
def test_while_the_database_is_away_the_form_is_there(client):
    assert client.get(URL).status_code == 200


@pytest.mark.usefixtures("outage")
def test_a_process_that_has_just_begun_keeps_what_was_typed_while_the_database_is_away(client):
    for path in (URL, f"/da{URL}"):
        Snapshot.forget_all()
        response = send(client, path)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert_kept(response)
        assert 'href="tel:114"' in response.content.decode()


@pytest.mark.usefixtures("outage")
def test_a_process_that_knows_the_sectors_alone_names_nobody_while_the_database_is_away(client):
    responsibility._copy._loaded = None
    response = send(client)
    assert response.status_code == 503
    assert_kept(response)
    assert "no officer is appointed" not in response.content.decode()


@pytest.mark.usefixtures("outage")
def test_a_process_that_has_just_begun_shows_whom_to_call_while_the_database_is_away(client):
    Snapshot.forget_all()
    response = client.get(URL)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert 'href="tel:112"' in response.content.decode()


def test_a_row_that_the_database_refuses_loses_nothing_and_stands_in_no_log(client, log_lines):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE contacts_message ADD CONSTRAINT no_cycles CHECK (text NOT LIKE 'Cars%%')")
    response = send(client)
    assert response.status_code == 503
    assert_kept(response)
    assert not Message.objects.exists()
    assert "no_cycles" in log_lines()
    assert "cycle path" not in log_lines()
    assert "Citat" not in log_lines()


def test_after_an_outage_the_same_form_is_sent_by_one_more_press(client):
    def fail(*args):
        raise OperationalError("connection refused")

    client.get(URL)
    with connection.execute_wrapper(fail):
        response = send(client)
    assert send(client, token=token_of_page(response)).status_code == 303
