import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from notifications.delivery import deliver_due
from officers.invitations import State, invite, state_of
from officers.models import Leadership, StaffRole, User
from tests.factories import (
    LeadershipFactory,
    LiaisonFactory,
    OfficerFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    administrator,
    head_of,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/officers/user/"


@pytest.fixture
def as_administrator(client):
    client.force_login(administrator())
    return client


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def as_head(client, station):
    client.force_login(head_of(station))
    return client


@pytest.fixture
def officer(station):
    return OfficerFactory(station=station, user=UserFactory(name="Jens Jensen", password=None))


def page_of(user: User, act: str = "change") -> str:
    return f"{LIST}{user.pk}/{act}/"


def account(user: User, **changed: str) -> dict[str, str]:
    return {"email": user.email, "name": user.name, "language": "en", "is_active": "on"} | changed


def test_an_account_is_made_by_email_without_a_password_and_its_owner_invited(as_administrator):
    form = {"email": "New.Head@Police.example", "name": "New Head", "language": "da"}
    assert as_administrator.post(reverse("admin:officers_user_add"), form).status_code == 302
    user = User.objects.get(email="new.head@police.example")
    assert not user.has_usable_password()
    assert user.is_active
    assert state_of(user.invitations.get()) == State.OPEN
    deliver_due()
    assert mail.outbox[0].to == ["new.head@police.example"]


def test_an_address_that_differs_in_case_alone_is_taken(as_administrator):
    UserFactory(email="head@police.example")
    form = {"email": "HEAD@police.example", "language": "en"}
    answer = as_administrator.post(reverse("admin:officers_user_add"), form)
    assert "has an account already" in str(answer.context["adminform"].form.errors)


def test_an_account_switched_off_is_out_at_its_next_request(as_administrator, client):
    user = UserFactory(password=None)
    live = type(client)()
    live.force_login(user)
    assert live.get("/log/").status_code == 200
    invitation = invite(user, None)
    as_administrator.post(page_of(user), account(user, is_active=""))
    assert live.get("/log/").status_code == 302
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_a_session_does_not_outlive_a_time_switched_off(as_administrator, client):
    user = UserFactory()
    live = type(client)()
    live.post(reverse("account_login"), {"login": user.email, "password": "correct horse battery"})
    assert live.get("/log/").status_code == 200
    as_administrator.post(page_of(user), account(user, is_active=""))
    as_administrator.post(page_of(user), account(user))
    assert User.objects.get(pk=user.pk).is_active
    assert live.get("/log/").status_code == 302


def test_accounts_are_not_deleted(as_administrator):
    user = UserFactory()
    assert as_administrator.post(page_of(user, "delete"), {"post": "yes"}).status_code == 404
    assert User.objects.filter(pk=user.pk).exists()


def test_nobody_sets_another_ones_password(as_administrator):
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[1])
    assert "password" not in as_administrator.get(page_of(UserFactory())).context["adminform"].form.fields


def test_a_changed_address_is_told_to_the_old_one_and_ends_an_open_invitation(as_administrator):
    user = UserFactory(email="old@police.example", password=None)
    invitation = invite(user, None)
    as_administrator.post(page_of(user), account(user, email="new@police.example"))
    user.refresh_from_db()
    invitation.refresh_from_db()
    assert user.email == "new@police.example"
    assert state_of(invitation) == State.WITHDRAWN
    deliver_due()
    told = next(one for one in mail.outbox if one.to == ["old@police.example"])
    assert "changed the e-mail address" in told.body


@pytest.fixture
def readdressed(as_administrator, client, station):
    """A head whose address an administrator changed; their session is `live`, a second head's account `other`."""
    head = head_of(station)
    User.objects.filter(pk=head.pk).update(email="head@police.example")
    head.refresh_from_db()
    head.live = type(client)()
    head.live.post(reverse("account_login"), {"login": head.email, "password": "correct horse battery"})
    assert head.live.get("/log/").status_code == 200
    as_administrator.post(page_of(head), account(head, email="new@police.example"))
    return head


def test_a_changed_address_ends_the_sessions_and_is_told_to_another_administrator(
    as_administrator, readdressed, client
):
    assert readdressed.live.get("/log/").status_code == 302
    deliver_due()
    assert ["head@police.example"] in [one.to for one in mail.outbox]
    other = administrator()
    as_administrator.post(page_of(readdressed), account(readdressed, email="third@police.example"))
    deliver_due()
    told = next(one for one in mail.outbox if one.to == [other.email])
    assert "from new@police.example to third@police.example" in told.body


def test_a_changed_address_of_an_officer_is_told_to_the_head(as_administrator, station, officer):
    head = head_of(station)
    as_administrator.post(page_of(officer.user), account(officer.user, email="new@police.example"))
    deliver_due()
    assert [head.email] in [one.to for one in mail.outbox]


def test_for_a_day_no_new_password_goes_to_a_changed_address(readdressed, client):
    deliver_due()
    mail.outbox.clear()
    client.logout()
    client.post(reverse("account_reset_password"), {"email": "new@police.example"})
    deliver_due()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        client.post(reverse("account_reset_password"), {"email": "new@police.example"})
        deliver_due()
    assert [one.to for one in mail.outbox] == [["new@police.example"]]


def test_for_a_day_a_head_without_a_password_is_not_invited_to_a_changed_address(as_administrator, station):
    head = head_of(station)
    head.set_unusable_password()
    head.save()
    as_administrator.post(page_of(head), account(head, email="new@police.example"))
    answer = as_administrator.post(page_of(head, "invite"), follow=True)
    assert "For 24 hours no link goes to the new one" in answer.content.decode()
    assert not head.invitations.exists()


def test_an_account_without_rights_whose_address_was_mistyped_is_invited_at_once(as_administrator):
    user = UserFactory(email="mistypd@police.example", password=None)
    as_administrator.post(page_of(user), account(user, email="mistyped@police.example"))
    as_administrator.post(page_of(user, "invite"))
    assert state_of(user.invitations.get()) == State.OPEN


@pytest.mark.parametrize("how", ["password", "second factor"])
def test_an_account_in_use_is_not_opened_by_an_invitation(as_administrator, how):
    user = UserFactory(**({} if how == "password" else {"password": None}))
    if how == "second factor":
        TOTP.activate(user, generate_totp_secret())
    assert "Send an invitation" not in as_administrator.get(page_of(user)).content.decode()
    answer = as_administrator.post(page_of(user, "invite"), follow=True)
    assert "This account is in use" in answer.content.decode()
    assert not user.invitations.exists()


@pytest.mark.parametrize("what", ["staffrole", "leadership"])
def test_administrators_give_themselves_nothing(as_administrator, station, what):
    own, other = User.objects.get(), UserFactory()
    form = {"role": "reviewer"} if what == "staffrole" else {"station": station.pk}
    form |= {"begins_0": "2030-01-01", "begins_1": "08:00", "ends_0": "", "ends_1": ""}
    address = reverse(f"admin:officers_{what}_add")
    answer = as_administrator.post(address, form | {"user": own.pk})
    assert "Nobody changes their own rights" in str(answer.context["adminform"].form.errors["user"])
    assert as_administrator.post(address, form | {"user": other.pk}).status_code == 302
    held = StaffRole.objects.exclude(role="administrator") if what == "staffrole" else Leadership.objects
    assert held.get().user == other


def test_an_administrator_does_not_prolong_the_own_role(as_administrator):
    role = StaffRole.objects.get()
    form = {"user": UserFactory().pk, "role": role.role, "ends_0": "2030-01-01", "ends_1": "08:00"}
    answer = as_administrator.post(reverse("admin:officers_staffrole_change", args=[role.pk]), form)
    assert "Nobody changes their own rights" in str(answer.context["adminform"].form.errors["user"])
    role.refresh_from_db()
    assert role.period.upper is None


def test_every_act_on_an_account_stands_in_its_history(as_administrator):
    user = UserFactory(password=None)
    for act in ("invite", "withdraw", "reset-second-factor"):
        before = LogEntry.objects.count()
        as_administrator.post(page_of(user, act))
        entry = LogEntry.objects.latest("pk")
        assert (LogEntry.objects.count(), entry.object_id) == (before + 1, str(user.pk)), act
    assert "second factor is removed" in entry.get_change_message()


def test_nobody_switches_off_their_own_account(as_administrator):
    own = User.objects.get()
    as_administrator.post(page_of(own), account(own, is_active=""))
    own.refresh_from_db()
    assert own.is_active


def test_a_lost_second_factor_is_removed_by_the_administrator_and_ends_the_sessions(as_administrator, client):
    user = UserFactory()
    live = type(client)()
    live.post(reverse("account_login"), {"login": user.email, "password": "correct horse battery"})
    TOTP.activate(user, generate_totp_secret())
    as_administrator.post(page_of(user, "reset-second-factor"))
    assert not Authenticator.objects.exists()
    assert live.get("/log/").status_code == 302
    deliver_due()
    assert "removed the second factor" in mail.outbox[0].body


def test_a_head_sees_the_accounts_of_the_stations_officers_and_no_others(as_head, officer):
    elsewhere = OfficerFactory(user=UserFactory()).user
    listed = as_head.get(LIST).context["cl"].result_list
    assert officer.user in listed
    assert elsewhere not in listed
    for act in ("change", "history", "invite", "withdraw", "reset-second-factor"):
        assert as_head.post(page_of(elsewhere, act)).status_code == 404
        assert as_head.get(page_of(elsewhere, act)).status_code in (404, 405)
    elsewhere.refresh_from_db()
    assert elsewhere.is_active


def test_a_head_makes_an_account_for_an_officer_of_the_station(as_head, station):
    officer = OfficerFactory(station=station, name="Ida Ibsen", email="ida@police.example")
    page = as_head.get(f"{LIST}for-officer/{officer.pk}/")
    assert page.context["form"].initial == {"email": "ida@police.example", "name": "Ida Ibsen"}
    form = {"email": "ida@police.example", "name": "Ida Ibsen", "language": "da"}
    assert (
        as_head.post(page.request["PATH_INFO"], form).url == f"/admin/officers/officer/{officer.pk}/change/"
    )
    officer.refresh_from_db()
    assert officer.user.email == "ida@police.example"
    assert state_of(officer.user.invitations.get()) == State.OPEN


def test_a_head_makes_no_account_otherwise(as_head, officer):
    elsewhere = OfficerFactory()
    form = {"email": "x@police.example", "language": "da"}
    assert as_head.post(f"{LIST}add/", form).status_code == 404
    assert as_head.post(f"{LIST}for-officer/{elsewhere.pk}/", form).status_code == 404
    assert as_head.post(f"{LIST}for-officer/{officer.pk}/", form).status_code == 404
    assert not User.objects.filter(email="x@police.example").exists()


def test_a_head_switches_an_officers_account_off_but_changes_no_address(as_head, officer):
    data = account(officer.user, email="mine@elsewhere.example", is_active="")
    assert as_head.post(page_of(officer.user), data).status_code == 302
    officer.user.refresh_from_db()
    assert not officer.user.is_active
    assert officer.user.email != "mine@elsewhere.example"


def test_a_head_does_not_switch_off_who_administers_or_reviews(as_head, officer):
    StaffRoleFactory(user=officer.user)
    as_head.post(page_of(officer.user), account(officer.user, is_active=""))
    officer.user.refresh_from_db()
    assert officer.user.is_active


@pytest.mark.parametrize("active", [True, False])
def test_a_head_does_not_switch_an_account_that_heads_another_station(as_head, officer, active):
    head_of_another = LeadershipFactory(user=officer.user)
    User.objects.filter(pk=officer.user_id).update(is_active=active)
    as_head.post(page_of(officer.user), account(officer.user, is_active="" if active else "on"))
    officer.user.refresh_from_db()
    assert officer.user.is_active == active
    head_of_another.period = DateTimeTZRange(head_of_another.period.lower, timezone.now())
    head_of_another.save()
    as_head.post(page_of(officer.user), account(officer.user, is_active="" if active else "on"))
    officer.user.refresh_from_db()
    assert officer.user.is_active != active


def test_a_head_does_not_switch_off_the_contact_of_a_sector_elsewhere(as_head, officer):
    LiaisonFactory(user=officer.user)
    as_head.post(page_of(officer.user), account(officer.user, is_active=""))
    officer.user.refresh_from_db()
    assert officer.user.is_active


def test_a_head_invites_again_and_withdraws(as_head, officer):
    as_head.post(page_of(officer.user, "invite"))
    [invitation] = officer.user.invitations.all()
    assert "Withdraw the invitation" in as_head.get(page_of(officer.user)).content.decode()
    as_head.post(page_of(officer.user, "withdraw"))
    invitation.refresh_from_db()
    assert state_of(invitation) == State.WITHDRAWN


def test_who_is_switched_off_is_not_invited(as_head, officer):
    User.objects.filter(pk=officer.user_id).update(is_active=False)
    answer = as_head.post(page_of(officer.user, "invite"), follow=True)
    assert "Switch it on before you invite" in answer.content.decode()
    assert not officer.user.invitations.exists()


def test_a_link_alone_invites_nobody(as_head, officer):
    assert as_head.get(page_of(officer.user, "invite")).status_code == 405


def test_a_reviewer_reads_and_changes_nothing(client, officer):
    client.force_login(StaffRoleFactory(reviewer=True).user)
    page = client.get(page_of(officer.user))
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert client.post(page_of(officer.user), account(officer.user, name="X")).status_code == 404
    assert client.post(page_of(officer.user, "invite")).status_code == 404
    assert client.post(f"{LIST}add/", {"email": "x@police.example"}).status_code == 404
    officer.user.refresh_from_db()
    assert officer.user.name == "Jens Jensen"


def test_an_officer_has_no_business_there(client, officer):
    client.force_login(officer.user)
    assert client.get(LIST, follow=True).status_code == 403


def test_how_people_log_in_is_no_table_of_the_admin():
    apps = {model._meta.app_label for model in admin.site._registry}
    assert not apps & {"account", "mfa", "socialaccount", "usersessions", "auth"}
