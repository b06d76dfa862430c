"""Dead letters in the admin: seen and sent again by an administrator, by nobody else."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from notifications.admin import masked
from notifications.models import Notification
from tests.factories import StaffRoleFactory, StationFactory, UserFactory, administrator, head_of
from tests.notifications.conftest import EVENT

LIST = reverse("admin:notifications_notification_changelist")


def letter(**fields) -> Notification:
    now = timezone.now()
    defaults = {"address": "citizen@example.org", "event": EVENT, "context": {"sector": "Quarter 1"}}
    return Notification.objects.create(due_at=now, next_attempt_at=now, **{**defaults, **fields})


def dead(**fields) -> Notification:
    return letter(state="dead", attempts=7, last_error="SMTPRecipientsRefused 550", **fields)


def page(row: Notification) -> str:
    return reverse("admin:notifications_notification_change", args=[row.pk])


def send_again(client, *rows: Notification):
    chosen = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    return client.post(LIST, chosen, follow=True)


@pytest.mark.django_db
def test_administrator_sees_event_recipient_and_error_but_no_content(client):
    user = UserFactory()
    dead()
    row = dead(address="", recipient=user)
    client.force_login(administrator())
    for address in (LIST, page(row)):
        text = client.get(address).content.decode()
        assert user.email in text
        assert EVENT in text
        assert "SMTPRecipientsRefused 550" in text
        assert "Quarter 1" not in text
    assert "Is the address right" in client.get(page(row)).content.decode()
    assert "c…@example.org" in client.get(LIST).content.decode()
    assert "citizen@example.org" not in client.get(LIST).content.decode()


@pytest.mark.django_db(transaction=True)
def test_text_message_is_seen_as_one_and_sent_again_as_one(client, mailbox):
    user = UserFactory()
    row = dead(address="", recipient=user, channel="sms")
    Notification.objects.filter(pk=row.pk).update(last_error="GatewayRefused 404")
    client.force_login(administrator())
    text = client.get(page(row)).content.decode()
    assert "Text message" in text
    assert "Is the telephone number in use?" in text
    send_again(client, row)
    row.refresh_from_db()
    # By text message still, for which there is no number: no mail went instead.
    assert (row.state, row.last_error, mailbox.mails) == ("dead", "NoNumber", [])


@pytest.mark.django_db
def test_list_begins_with_what_was_not_delivered_in_few_queries(client, django_assert_max_num_queries):
    sent = letter(state="sent", sent_at=timezone.now())
    rows = [dead(address="", recipient=UserFactory()) for _ in range(5)]
    waiting = letter()
    client.force_login(administrator())
    # Session, account, standing, two counts, the events to filter by, the rows.
    with django_assert_max_num_queries(8):
        shown = list(client.get(LIST).context["cl"].result_list)
    assert shown == [*reversed(rows), sent, waiting]


@pytest.mark.django_db(transaction=True)
def test_sent_again_is_delivered_and_written_down(client, mailbox):
    mine, sent = dead(), letter(state="sent", sent_at=timezone.now())
    untouched = dead(address="other@example.org")
    admin = administrator()
    client.force_login(admin)
    answer = send_again(client, mine, sent)
    assert "1 notification is sent again." in answer.content.decode()
    mine.refresh_from_db()
    untouched.refresh_from_db()
    assert (mine.state, mine.attempts, mine.last_error) == ("sent", 1, "")
    assert untouched.state == "dead"
    assert mailbox.recipients == ["citizen@example.org"]
    assert LogEntry.objects.get().user == admin


@pytest.mark.django_db
def test_what_was_delivered_is_not_sent_again(client):
    sent = letter(state="sent", sent_at=timezone.now())
    client.force_login(administrator())
    assert "Nothing was sent again" in send_again(client, sent).content.decode()
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.django_db
def test_nobody_edits_adds_or_deletes(client):
    row = dead()
    client.force_login(administrator())
    assert client.get(page(row)).status_code == 200
    for address in (page(row), reverse("admin:notifications_notification_add"), f"{page(row)[:-7]}delete/"):
        assert client.post(address, {"state": "sent"}).status_code == 404
    assert client.get(page(row).replace(str(row.pk), "999999")).status_code == 404
    row.refresh_from_db()
    assert row.state == "dead"


@pytest.mark.django_db
@pytest.mark.parametrize("who", [head_of, lambda station: StaffRoleFactory(reviewer=True).user])
def test_everybody_else_finds_nothing(client, who):
    row = dead()
    client.force_login(who(StationFactory()))
    for address in (LIST, page(row)):
        assert client.get(address).status_code == 404
    assert send_again(client, row).status_code == 404
    row.refresh_from_db()
    assert row.state == "dead"


@pytest.mark.parametrize(
    ("address", "shown"), [("citizen@example.org", "c…@example.org"), ('"a@b"@example.org', '"…@example.org')]
)
def test_address_of_a_citizen_is_masked(address, shown):
    assert masked(address) == shown
