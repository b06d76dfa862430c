"""An officer's profile: drafted, compared, published or declined; hours of duty."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from notifications.models import Notification
from officers.models import DutyHours, Officer, Portrait, ProfileDraft
from officers.portraits import completed, written_anew
from officers.profile import (
    DraftChanged,
    decline,
    duty_lines,
    publish,
    set_duty_hours,
    set_portrait,
    submit,
)
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    administrator,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

PROFILE = "/account/profile/"


def jpeg(colour=(200, 20, 20)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (500, 500), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def portrait(colour=(200, 20, 20)):
    return written_anew(io.BytesIO(jpeg(colour)))


def photo(name="me.jpg", content=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content)


@pytest.fixture
def officer():
    return OfficerFactory(user=UserFactory(), phone="+45 10 10 10 10", title="Constable")


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.user)
    return client


def values(officer, **changed) -> dict:
    fields = ("title", "phone", "email", "patrol_form")
    return {name: getattr(officer, name) for name in fields} | changed


def drafted(officer, **changed) -> ProfileDraft:
    picture = changed.pop("picture", None)
    return submit(officer, values(officer, **changed), picture=picture)


class TestActs:
    def test_draft_changes_nothing_that_is_published(self, officer):
        drafted(officer, phone="+45 20 20 20 20")
        officer.refresh_from_db()
        assert officer.phone == "+45 10 10 10 10"

    def test_published_draft_is_the_profile_and_gone(self, officer):
        draft = drafted(officer, phone="+45 20 20 20 20", patrol_form="bicycle", picture=portrait().large)
        publish(draft, seen=draft.submitted_at)
        officer.refresh_from_db()
        assert (officer.phone, officer.patrol_form) == ("+45 20 20 20 20", "bicycle")
        assert bytes(officer.portrait.large) == portrait().large
        assert officer.portrait.digest == portrait().digest
        assert not ProfileDraft.objects.exists()

    def test_draft_without_a_picture_keeps_the_portrait(self, officer):
        set_portrait(officer, portrait())
        draft = drafted(officer, title="Sergeant")
        publish(draft, seen=draft.submitted_at)
        assert Portrait.objects.get(officer=officer).digest == portrait().digest

    def test_new_picture_replaces_the_portrait(self, officer):
        set_portrait(officer, portrait())
        blue = portrait((20, 20, 200))
        draft = drafted(officer, picture=blue.large)
        publish(draft, seen=draft.submitted_at)
        assert Portrait.objects.get(officer=officer).digest == blue.digest == completed(blue.large).digest

    def test_declined_draft_is_gone_and_the_profile_as_it_was(self, officer):
        draft = drafted(officer, phone="+45 20 20 20 20")
        decline(draft, seen=draft.submitted_at)
        officer.refresh_from_db()
        assert officer.phone == "+45 10 10 10 10"
        assert not ProfileDraft.objects.exists()

    @pytest.mark.parametrize("act", [publish, decline])
    def test_officer_is_told(self, officer, act):
        draft = drafted(officer, title="Sergeant")
        act(draft, seen=draft.submitted_at)
        assert [one.recipient for one in Notification.objects.all()] == [officer.user]

    @pytest.mark.parametrize("act", [publish, decline])
    def test_draft_that_changed_since_it_was_looked_at_is_not_decided(self, officer, act):
        seen = drafted(officer, title="Sergeant").submitted_at
        draft = drafted(officer, title="Major")
        with pytest.raises(DraftChanged):
            act(draft, seen=seen)
        officer.refresh_from_db()
        assert officer.title == "Constable"
        assert ProfileDraft.objects.get().title == "Major"

    def test_draft_is_decided_once(self, officer):
        draft = drafted(officer, title="Sergeant")
        seen = draft.submitted_at
        publish(draft, seen=seen)
        with pytest.raises(DraftChanged):
            decline(draft, seen=seen)

    def test_draft_that_says_what_is_published_is_none(self, officer):
        drafted(officer, title="Sergeant")
        assert submit(officer, values(officer)) is None
        assert not ProfileDraft.objects.exists()

    def test_second_draft_keeps_the_picture_of_the_first(self, officer):
        drafted(officer, picture=portrait().large)
        assert bytes(drafted(officer, title="Sergeant").picture) == portrait().large
        assert not drafted(officer, title="Sergeant", picture=b"").picture


class TestDutyHours:
    def test_without_a_pattern_every_day_from_7_to_23(self, officer):
        assert duty_lines(officer) == [("every day", "07:00–23:00")]

    def test_days_of_the_same_hours_stand_in_one_line(self, officer):
        early, late = (datetime.time(7), datetime.time(15)), (datetime.time(15), datetime.time(23))
        set_duty_hours(officer, {1: early, 2: early, 3: early, 5: late})
        assert duty_lines(officer) == [
            ("Monday–Wednesday", "07:00–15:00"),
            ("Thursday", "off duty"),
            ("Friday", "15:00–23:00"),
            ("Saturday–Sunday", "off duty"),
        ]

    def test_new_pattern_replaces_the_old_one(self, officer):
        hours = (datetime.time(7), datetime.time(15))
        set_duty_hours(officer, {1: hours, 2: hours})
        set_duty_hours(officer, {2: hours})
        assert [row.weekday for row in DutyHours.objects.all()] == [2]


class TestOwnPage:
    def test_officer_hands_in_a_draft_with_a_portrait(self, as_officer, officer):
        data = values(officer, phone="+45 20 20 20 20", portrait=photo())
        assert as_officer.post(PROFILE, data).status_code == 302
        draft = ProfileDraft.objects.get()
        assert draft.phone == "+45 20 20 20 20"
        assert Image.open(io.BytesIO(bytes(draft.picture))).size == (480, 480)
        assert "waits for the head" in as_officer.get(PROFILE).content.decode()

    @pytest.mark.parametrize("phone", ["call me", "12", "1" * 21, "+", "45+1234", "12345;ext=9", "१२३४५६"])
    def test_what_is_no_telephone_number_is_refused(self, as_officer, officer, phone):
        response = as_officer.post(PROFILE, values(officer, phone=phone))
        assert response.status_code == 422
        assert "telephone number in digits" in response.content.decode()
        assert not ProfileDraft.objects.exists()

    @pytest.mark.parametrize("phone", ["114", "+45 12 34 56 78", "004512345678"])
    def test_telephone_numbers_of_all_kinds_are_taken(self, as_officer, officer, phone):
        assert as_officer.post(PROFILE, values(officer, phone=phone)).status_code == 302

    def test_what_is_no_email_address_is_refused(self, as_officer, officer):
        assert as_officer.post(PROFILE, values(officer, email="me@")).status_code == 422

    def test_what_is_no_picture_is_refused_and_nothing_is_kept(self, as_officer, officer):
        data = values(officer, title="Sergeant", portrait=photo(content=b"MZ" * 50))
        response = as_officer.post(PROFILE, data)
        assert response.status_code == 422
        assert "not a picture" in response.content.decode()
        assert not ProfileDraft.objects.exists()

    def test_too_large_a_file_is_passed_over(self, as_officer, officer):
        data = values(officer, portrait=photo(content=bytes(16 * 1024 * 1024)))
        response = as_officer.post(PROFILE, data)
        assert response.status_code == 422
        assert "larger than" in response.content.decode()

    def test_draft_is_withdrawn(self, as_officer, officer):
        drafted(officer, title="Sergeant")
        assert as_officer.post("/account/profile/withdraw/").status_code == 302
        assert not ProfileDraft.objects.exists()

    def test_hours_hold_at_once(self, as_officer, officer):
        data = {"begins_1": "07:00", "ends_1": "15:30", "begins_6": "9", "ends_6": "12.15"}
        assert as_officer.post("/account/profile/hours/", data).status_code == 302
        assert [str(row) for row in officer.duty_hours.all()] == [
            "Monday 07:00–15:30",
            "Saturday 09:00–12:15",
        ]

    @pytest.mark.parametrize(
        ("begins", "ends", "sentence"),
        [
            ("06:00", "15:00", "between 07:00 and 23:00"),
            ("15:00", "23:30", "between 07:00 and 23:00"),
            ("15:00", "15:00", "between 07:00 and 23:00"),
            ("15:00", "", "Give both times"),
            ("late", "15:00", "Give a time"),
        ],
    )
    def test_impossible_hours_are_refused_and_the_old_ones_stay(
        self, as_officer, officer, begins, ends, sentence
    ):
        set_duty_hours(officer, {2: (datetime.time(8), datetime.time(9))})
        response = as_officer.post("/account/profile/hours/", {"begins_1": begins, "ends_1": ends})
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert [row.weekday for row in officer.duty_hours.all()] == [2]

    @pytest.mark.parametrize("name", ["hours", "withdraw"])
    def test_address_that_only_takes_forms_leads_to_the_profile(self, as_officer, officer, name):
        drafted(officer, title="Sergeant")
        assert as_officer.get(f"/account/profile/{name}/").url == PROFILE
        assert ProfileDraft.objects.exists()

    @pytest.mark.parametrize("make", [UserFactory, administrator])
    def test_account_without_an_officer_has_no_profile(self, client, make):
        client.force_login(make())
        assert client.get(PROFILE).status_code == 404
        assert client.post(PROFILE, {}).status_code == 404
        assert client.post("/account/profile/hours/", {}).status_code == 404
        assert client.post("/account/profile/withdraw/").status_code == 404


def admin_url(name, *args) -> str:
    return reverse(f"admin:officers_officer_{name}", args=args)


def admin_values(officer, **changed) -> dict:
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 7}
    fields = values(officer) | {"name": officer.name, "station": officer.station_id}
    return fields | {f"duty_hours-{key}": value for key, value in inline.items()} | changed


class TestHead:
    @pytest.fixture
    def as_head(self, client, officer):
        client.force_login(head_of(officer.station))
        return client

    def decide(self, client, officer, act, seen=None):
        moment = seen or ProfileDraft.objects.get(officer=officer).submitted_at.isoformat()
        return client.post(admin_url("draft", officer.pk), {act: "1", "seen": moment}, follow=True)

    def test_old_and_new_stand_side_by_side(self, as_head, officer):
        drafted(officer, phone="+45 20 20 20 20")
        text = as_head.get(admin_url("draft", officer.pk)).content.decode()
        assert "+45 10 10 10 10" in text
        assert "<strong>+45 20 20 20 20</strong>" in text

    def test_moment_that_the_page_carries_publishes(self, as_head, officer):
        drafted(officer, phone="+45 20 20 20 20")
        text = as_head.get(admin_url("draft", officer.pk)).content.decode()
        seen = text.partition('name="seen" value="')[2].partition('"')[0]
        self.decide(as_head, officer, "publish", seen)
        officer.refresh_from_db()
        assert officer.phone == "+45 20 20 20 20"

    def test_draft_is_declined(self, as_head, officer):
        drafted(officer, phone="+45 20 20 20 20")
        self.decide(as_head, officer, "decline")
        officer.refresh_from_db()
        assert officer.phone == "+45 10 10 10 10"
        assert not ProfileDraft.objects.exists()

    @pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-01T00:00:00+00:00", "2026-01-01T00:00:00"])
    def test_other_moment_decides_nothing(self, as_head, officer, seen):
        drafted(officer, phone="+45 20 20 20 20")
        response = as_head.post(admin_url("draft", officer.pk), {"publish": "1", "seen": seen}, follow=True)
        assert "Look at it again" in response.content.decode()
        assert ProfileDraft.objects.exists()

    def test_list_tells_sectors_draft_and_account(self, as_head, officer):
        term = AssignmentFactory(officer=officer, sector__district__station=officer.station)
        drafted(officer, title="Sergeant")
        other = OfficerFactory(station=officer.station)
        text = as_head.get(admin_url("changelist")).content.decode()
        for sign in (str(term.sector), "Look at it", "never logged in", "no account", other.name):
            assert sign in text
        waiting = as_head.get(admin_url("changelist"), {"draft": "waiting"}).content.decode()
        assert officer.name in waiting
        assert other.name not in waiting

    def test_list_is_bounded_in_queries(self, as_head, officer, django_assert_max_num_queries):
        for _ in range(12):
            AssignmentFactory(officer__station=officer.station, sector__district__station=officer.station)
        with django_assert_max_num_queries(16):
            as_head.get(admin_url("changelist"))

    def test_head_sets_and_removes_a_portrait(self, as_head, officer):
        response = as_head.post(admin_url("change", officer.pk), admin_values(officer, new_portrait=photo()))
        assert response.status_code == 302
        assert len(Portrait.objects.get(officer=officer).digest) == 64
        as_head.post(admin_url("change", officer.pk), admin_values(officer, remove_portrait="on"))
        assert not Portrait.objects.exists()

    def test_unfit_portrait_is_refused_with_a_sentence(self, as_head, officer):
        data = admin_values(officer, new_portrait=photo(content=b"no picture"))
        text = as_head.post(admin_url("change", officer.pk), data).content.decode()
        assert "This is not a picture" in text
        assert not Portrait.objects.exists()

    def test_too_large_a_portrait_is_refused(self, as_head, officer):
        data = admin_values(officer, new_portrait=photo(content=bytes(16 * 1024 * 1024)))
        assert "larger than" in as_head.post(admin_url("change", officer.pk), data).content.decode()

    def test_head_writes_hours_of_duty(self, as_head, officer):
        row = {"weekday": 1, "begins": "07:00", "ends": "15:00", "officer": officer.pk, "id": ""}
        data = admin_values(officer) | {f"duty_hours-0-{key}": value for key, value in row.items()}
        assert (
            as_head.post(admin_url("change", officer.pk), data | {"duty_hours-TOTAL_FORMS": 1}).status_code
            == 302
        )
        assert [str(one) for one in officer.duty_hours.all()] == ["Monday 07:00–15:00"]

    def test_new_officer_is_made_with_a_portrait(self, as_head, officer):
        data = admin_values(officer, name="New Officer", new_portrait=photo())
        assert as_head.post(admin_url("add"), data).status_code == 302
        assert Portrait.objects.get().officer.name == "New Officer"

    def test_wrong_telephone_number_is_refused(self, as_head, officer):
        data = admin_values(officer, phone="call me")
        assert (
            "telephone number in digits"
            in as_head.post(admin_url("change", officer.pk), data).content.decode()
        )


class TestRights:
    def test_forms_without_a_token_are_refused(self, officer):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(officer.user)
        assert strict.post(PROFILE, values(officer, title="Sergeant")).status_code == 403
        assert not ProfileDraft.objects.exists()
        strict.force_login(head_of(officer.station))
        data = admin_values(officer, phone="+45 99 99 99 99")
        assert strict.post(admin_url("change", officer.pk), data).status_code == 403
        assert Officer.objects.get(pk=officer.pk).phone == "+45 10 10 10 10"

    def test_head_of_another_station_sees_no_draft(self, client, officer):
        drafted(officer, title="Sergeant")
        client.force_login(head_of(OfficerFactory().station))
        for method in (client.get, client.post):
            assert method(admin_url("draft", officer.pk)).status_code == 404
        assert ProfileDraft.objects.exists()

    def test_head_of_the_district_reads_the_profile_only(self, client, officer):
        term = AssignmentFactory(officer=officer, sector__district__station=officer.station)
        set_portrait(officer, portrait())
        set_duty_hours(officer, {1: (datetime.time(7), datetime.time(15))})
        drafted(officer, title="Sergeant")
        client.force_login(head_of_district(term.sector.district))
        text = client.get(admin_url("change", officer.pk)).content.decode()
        assert officer.phone in text
        assert "data:image/jpeg" in text
        assert 'name="phone"' not in text
        assert client.get(admin_url("draft", officer.pk)).status_code == 404
        data = admin_values(officer, phone="+45 99 99 99 99")
        assert client.post(admin_url("change", officer.pk), data).status_code == 404
        assert Officer.objects.get(pk=officer.pk).phone == "+45 10 10 10 10"
