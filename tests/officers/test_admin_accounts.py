import pytest
from django.urls import reverse

from officers.models import User
from tests.factories import UserFactory, administrator

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet evening at home"


@pytest.fixture
def as_administrator(client):
    client.force_login(administrator())
    return client


def new_account(email: str) -> dict[str, str]:
    return {"email": email, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}


def test_an_account_is_made_by_email_and_its_password_is_hashed(as_administrator):
    answer = as_administrator.post(reverse("admin:officers_user_add"), new_account("New.Head@Police.example"))
    assert answer.status_code == 302
    user = User.objects.get(email="new.head@police.example")
    assert user.check_password(PASSWORD)
    assert PASSWORD not in user.password
    assert not user.is_superuser


def test_an_address_that_differs_in_case_alone_is_taken(as_administrator):
    UserFactory(email="head@police.example")
    answer = as_administrator.post(reverse("admin:officers_user_add"), new_account("HEAD@police.example"))
    assert "has an account already" in str(answer.context["adminform"].form.errors)


def test_an_account_switched_off_is_out_at_its_next_request(as_administrator, client):
    user = administrator()
    as_administrator.post(
        reverse("admin:officers_user_change", args=[user.pk]), {"email": user.email, "is_superuser": "on"}
    )
    user.refresh_from_db()
    assert not user.is_active
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 302


def test_accounts_are_not_deleted(as_administrator):
    user = UserFactory()
    url = reverse("admin:officers_user_delete", args=[user.pk])
    assert as_administrator.post(url, {"post": "yes"}).status_code == 404
    assert User.objects.filter(pk=user.pk).exists()


def test_an_administrator_sets_a_new_password(as_administrator):
    user = UserFactory()
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD, "set-password": "1"}
    assert as_administrator.post(url, data).status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
