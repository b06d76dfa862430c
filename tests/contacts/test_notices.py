"""A notice from its draft to the public page, and off it again."""

import datetime

import pytest
from django.utils import timezone

from contacts.models import Notice, PublishingRule
from contacts.publishing.told import told_in
from notifications.models import Notification
from tests.factories import (
    LeadershipFactory,
    NoticeFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(quarter, client):
    quarter.mette.user = UserFactory(email="mette@police.example")
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette.user


@pytest.fixture
def head(quarter):
    return head_of_district(quarter.north)


def on_day(days):
    """Return noon so many days from today, as a browser sends it."""
    return f"{timezone.localdate() + datetime.timedelta(days=days)}T12:00"


def typed(**changes):
    given = {
        "kind": "notice",
        "title_en": "Bicycles",
        "title_da": "Cykler",
        "text_en": "We mark them.",
        "text_da": "Vi mærker dem.",
        "shown_from": on_day(-2),
    }
    return {**given, **changes}


def act(client, notice, verb, **given):
    """Look at the notice, then do something with it, as the page's own button would."""
    page = client.get(f"/station/notices/{notice.uuid}/")
    shown = {name: page.context[key] for name, key in (("seen", "seen"), ("answered", "doubts_key"))}
    return client.post(f"/station/notices/{notice.uuid}/{verb}/", {**shown, **given})


def told(quarter):
    return [notice.title_en for notice in told_in(quarter.west.pk).notices]


def mails():
    return sorted((one.event, one.to_address) for one in Notification.objects.all())


def test_an_officers_notice_waits_for_a_head_and_is_published_by_one(quarter, officer, head, client):
    station_head = head_of(quarter.station)
    client.post(f"/station/sectors/{quarter.west.slug}/public/notices/new/", typed())
    notice = Notice.objects.get()
    assert (notice.state, notice.sector, notice.written_by) == ("draft", quarter.west, officer)
    act(client, notice, "hand-in")
    notice.refresh_from_db()
    assert notice.state == "waiting"
    assert mails() == [("contacts.notice_waiting", head.email)]
    assert told(quarter) == []

    client.force_login(head)
    assert "Bicycles" in client.get("/station/publishing/").content.decode()
    assert act(client, notice, "decide", decision="publish").status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.approved_by) == ("published", head)
    assert told(quarter) == ["Bicycles"]
    # The head's own mail had not left: it is taken back. The station's head was asked nothing.
    assert mails() == [("contacts.notice_published", officer.email)]
    assert station_head.email not in dict(mails()).values()


def test_without_a_head_of_the_district_the_stations_head_is_asked(quarter, officer, client):
    station_head = head_of(quarter.station)
    act(client, NoticeFactory(sector=quarter.west, written_by=officer), "hand-in")
    assert mails() == [("contacts.notice_waiting", station_head.email)]


def test_a_mail_holds_no_word_of_the_notice(quarter, officer, head, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, title_en="Sentinel")
    act(client, notice, "hand-in")
    row = Notification.objects.get()
    assert set(row.context) == {"path", "item"}
    from notifications.mail import compose

    mail = compose(row)
    assert f"/station/notices/{notice.uuid}/" in mail.body
    assert "Sentinel" not in mail.subject + mail.body


def test_where_the_station_wants_it_so_officers_publish_themselves(quarter, officer, client):
    PublishingRule.objects.create(station=quarter.station, needs_approval=False)
    notice = NoticeFactory(sector=quarter.west, written_by=officer)
    assert "Publish it" in client.get(f"/station/notices/{notice.uuid}/").content.decode()
    act(client, notice, "hand-in")
    notice.refresh_from_db()
    assert (notice.state, notice.approved_by) == ("published", officer)


def test_a_head_publishes_directly(quarter, head, client):
    client.force_login(head)
    notice = NoticeFactory(sector=quarter.west, written_by=head)
    act(client, notice, "hand-in")
    assert told(quarter) == ["An English title"]
    assert mails() == []


@pytest.mark.parametrize("missing", ["title_en", "title_da", "text_en", "text_da"])
def test_both_languages_are_needed_and_that_is_said(quarter, head, client, missing):
    client.force_login(head)
    notice = NoticeFactory(sector=quarter.west, written_by=head, **{missing: ""})
    response = act(client, notice, "hand-in")
    assert response.status_code == 422
    assert "in English and in Danish" in response.content.decode()
    notice.refresh_from_db()
    assert notice.state == "draft"


def test_you_said_we_did_needs_both_parts_in_both_languages(quarter, head, client):
    client.force_login(head)
    notice = NoticeFactory(sector=quarter.west, written_by=head, kind="you_said", said_en="Lights!")
    assert act(client, notice, "hand-in").status_code == 422
    Notice.objects.filter(pk=notice.pk).update(said_da="Lys!")
    act(client, notice, "hand-in")
    (found,) = told_in(quarter.west.pk).notices
    assert (found.said_en, found.said_da) == ("Lights!", "Lys!")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"said_en": "Lights!"}, "said_en"),
        ({"shown_until": on_day(-1)}, "shown_until"),
        ({"shown_from": "soon"}, "shown_from"),
        ({"kind": "other"}, "kind"),
        ({"title_en": "x" * 121}, "title_en"),
        ({"text_da": "x" * 3001}, "text_da"),
    ],
)
def test_what_cannot_be_is_refused_and_keeps_what_was_typed(quarter, officer, client, changes, field):
    address = f"/station/sectors/{quarter.west.slug}/public/notices/new/"
    response = client.post(address, typed(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Vi mærker dem." in response.content.decode() or "text_da" in changes
    assert not Notice.objects.exists()


def test_a_number_in_the_text_is_asked_about_before_it_is_published(quarter, head, client):
    client.force_login(head)
    notice = NoticeFactory(sector=quarter.west, written_by=head, text_en="Call Ole, 12 34 56 78.")
    address = f"/station/notices/{notice.uuid}/"
    seen = client.get(address).context["seen"]
    response = client.post(f"{address}hand-in/", {"seen": seen})
    assert response.status_code == 422
    assert "12 34 56 78" in response.content.decode()
    assert told(quarter) == []
    act(client, notice, "hand-in")
    assert told(quarter) == ["An English title"]


def test_it_is_sent_back_with_a_reason_and_handed_in_once_more(quarter, officer, head, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, state="waiting")
    client.force_login(head)
    assert act(client, notice, "decide", decision="send_back").status_code == 422
    act(client, notice, "decide", decision="send_back", reason="Say on which day.")
    assert mails() == [("contacts.notice_sent_back", officer.email)]
    client.force_login(officer)
    assert "Say on which day." in client.get(f"/station/notices/{notice.uuid}/").content.decode()
    act(client, notice, "hand-in")
    notice.refresh_from_db()
    assert (notice.state, notice.sent_back_because) == ("waiting", "")


def test_an_officer_who_changes_what_waits_hands_it_in_anew(quarter, officer, head, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer)
    act(client, notice, "hand-in")
    address = f"/station/notices/{notice.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, typed(seen=seen))
    notice.refresh_from_db()
    assert (notice.state, notice.title_en) == ("draft", "Bicycles")
    assert mails() == []


def test_a_head_approves_what_they_have_read_and_nothing_else(quarter, officer, head, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, state="waiting")
    client.force_login(head)
    seen = client.get(f"/station/notices/{notice.uuid}/").context["seen"]
    Notice.objects.filter(pk=notice.pk).update(text_en="Something else.")
    given = {"seen": seen, "decision": "publish"}
    response = client.post(f"/station/notices/{notice.uuid}/decide/", given)
    assert response.status_code == 409
    text = response.content.decode()
    assert "somebody else changed this meanwhile" in text
    assert "Something else." in text
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_of_two_heads_the_second_is_told_that_it_is_published(quarter, officer, head, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, state="waiting")
    client.force_login(head)
    seen = client.get(f"/station/notices/{notice.uuid}/").context["seen"]
    given = {"seen": seen, "decision": "publish"}
    answers = [
        client.post(f"/station/notices/{notice.uuid}/decide/", given).status_code for _time in range(2)
    ]
    assert answers == [302, 409]
    late = {"seen": seen, "decision": "send_back", "reason": "Not like that."}
    response = client.post(f"/station/notices/{notice.uuid}/decide/", late)
    assert response.status_code == 409


def test_who_changes_a_draft_that_was_published_meanwhile_keeps_what_was_typed(quarter, officer, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, published=True)
    response = client.post(f"/station/notices/{notice.uuid}/change/", typed(text_en="My better words."))
    assert response.status_code == 409
    assert "My better words." in response.content.decode()


def test_of_two_who_change_a_draft_the_second_is_told(quarter, officer, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer)
    address = f"/station/notices/{notice.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    Notice.objects.filter(pk=notice.pk).update(text_en="Theirs.")
    response = client.post(address, typed(seen=seen))
    assert response.status_code == 409
    assert "Theirs." in response.content.decode()


def test_what_is_published_changes_only_its_end(quarter, officer, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, published=True)
    address = f"/station/notices/{notice.uuid}/change/"
    form = client.get(address).context["form"]
    assert list(form.fields) == ["shown_until", "seen"]
    response = client.post(address, {"shown_until": on_day(9), "seen": form["seen"].value()})
    assert response.status_code == 302
    notice.refresh_from_db()
    assert notice.shown_until is not None


def test_written_anew_it_takes_the_old_one_back_once_it_is_published(quarter, officer, head, client):
    old = NoticeFactory(sector=quarter.west, written_by=officer, published=True)
    for _time in range(2):
        client.post(f"/station/notices/{old.uuid}/anew/")
    draft = Notice.objects.get(replaces=old)
    assert (draft.state, draft.title_en, draft.written_by) == ("draft", old.title_en, officer)
    Notice.objects.filter(pk=draft.pk).update(title_en="Better")
    assert told(quarter) == ["An English title"]
    client.force_login(head)
    act(client, draft, "hand-in")
    assert told(quarter) == ["Better"]
    old.refresh_from_db()
    assert old.state == "withdrawn"


def test_it_is_taken_back_at_once_and_only_once(quarter, officer, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, published=True)
    assert told(quarter) == ["An English title"]
    answers = [client.post(f"/station/notices/{notice.uuid}/take-back/").status_code for _time in range(2)]
    assert answers == [302, 409]
    assert told(quarter) == []


def test_a_draft_is_deleted_and_what_was_published_is_not(quarter, officer, client):
    draft = NoticeFactory(sector=quarter.west, written_by=officer)
    published = NoticeFactory(sector=quarter.west, written_by=officer, published=True)
    assert client.post(f"/station/notices/{draft.uuid}/discard/").status_code == 302
    assert client.post(f"/station/notices/{published.uuid}/discard/").status_code == 409
    assert list(Notice.objects.all()) == [published]


def test_the_stations_head_writes_to_all_sectors_and_others_only_read_it(quarter, officer, client):
    address = f"/station/publishing/{quarter.station.slug}/notices/new/"
    assert client.get(address).status_code == 404
    client.force_login(head_of(quarter.station))
    client.post(address, typed())
    notice = Notice.objects.get()
    assert (notice.sector, notice.station) == (None, quarter.station)
    act(client, notice, "hand-in")
    assert told_in(quarter.vacant.pk).notices[0].title_en == "Bicycles"
    client.force_login(officer)
    assert client.get(f"/station/notices/{notice.uuid}/").status_code == 200
    assert client.post(f"/station/notices/{notice.uuid}/take-back/").status_code == 404


def test_the_rule_is_the_stations_heads_to_set(quarter, officer, head, client):
    address = f"/station/publishing/{quarter.station.slug}/rule/"
    for user in (officer, head):
        client.force_login(user)
        assert client.post(address, {"needs_approval": "no"}).status_code == 404
    client.force_login(head_of(quarter.station))
    client.post(address, {"needs_approval": "perhaps"})
    assert not PublishingRule.objects.exists()
    client.post(address, {"needs_approval": "no"})
    assert PublishingRule.objects.get().needs_approval is False


def test_another_districts_head_neither_decides_nor_sees_it_waiting(quarter, officer, client):
    notice = NoticeFactory(sector=quarter.west, written_by=officer, state="waiting")
    other = LeadershipFactory(station=quarter.station, district=quarter.south).user
    client.force_login(other)
    assert client.post(f"/station/notices/{notice.uuid}/decide/").status_code == 404
    assert "An English title" not in client.get("/station/publishing/").content.decode()


def test_lists_cost_the_same_however_long_they_are(
    quarter, officer, head, client, django_assert_max_num_queries
):
    NoticeFactory.create_batch(15, sector=quarter.west, written_by=officer, state="waiting")
    client.force_login(head)
    for path, most in (
        (f"/station/sectors/{quarter.west.slug}/public/notices/", 12),
        (f"/station/sectors/{quarter.west.slug}/public/", 16),
        ("/station/publishing/", 16),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_a_notice_sent_twice_is_one_draft(quarter, officer, client):
    address = f"/station/sectors/{quarter.west.slug}/public/notices/new/"
    answers = [client.post(address, typed()) for _time in range(2)]
    assert answers[0].url == answers[1].url == f"/station/notices/{Notice.objects.get().uuid}/"
    client.post(address, typed(title_en="Bicycles again"))
    assert Notice.objects.count() == 2
