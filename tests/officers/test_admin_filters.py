"""Lists of the admin answer to their own filters: no address asks for what a list does not show."""

import pytest
from django.contrib import admin
from django.urls import reverse

from notifications.models import Notification
from officers.models import User
from tests.factories import AssignmentFactory, StaffRoleFactory, UserFactory, administrator, head_of

pytestmark = pytest.mark.django_db

MODELS = [
    pytest.param(model, id=model._meta.label_lower)
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label)
]


def address(model: type, query: str = "") -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?{query}"


@pytest.fixture
def clients(client):
    """A head, an administrator and a reviewer: between them they may see every list."""
    users = (
        head_of(AssignmentFactory().sector.station),
        administrator(),
        StaffRoleFactory(reviewer=True).user,
    )
    found = [type(client)() for _user in users]
    for one, user in zip(found, users, strict=True):
        one.force_login(user)
    return found


def answers(clients, path: str) -> set[int]:
    """Return the status codes; an account without business in the list is told that there is none."""
    return {one.get(path).status_code for one in clients} - {404}


@pytest.mark.parametrize("model", MODELS)
def test_no_list_is_asked_by_a_field_that_it_has_no_filter_for(clients, model):
    assert answers(clients, address(model)) == {200}
    fields = {
        "password",
        "context",
        "file",
        "digest",
        "last_login",
        "user__password",
        "officer__user__password",
    }
    fields |= {"uploaded_by__password", "recipient__password", "invitations__digest"}
    fields -= set(map(str, admin.site._registry[model].list_filter))
    for field in fields:
        assert answers(clients, address(model, f"{field}__startswith=1")) == {400}, field


@pytest.mark.parametrize("model", MODELS)
def test_every_filter_that_a_list_offers_answers(clients, model):
    for one in clients:
        page = one.get(address(model))
        if page.status_code == 404:
            continue
        cl = page.context["cl"]
        links = [choice["query_string"] for spec in cl.filter_specs for choice in spec.choices(cl)]
        for link in links:
            answer = one.get(address(model) + link.removeprefix("?"))
            assert answer.status_code == 200, link


def test_the_hash_of_a_password_is_told_by_no_list(client):
    user = UserFactory()
    client.force_login(administrator())
    assert User.objects.filter(pk=user.pk, password__startswith=user.password[:4]).exists()
    for guess in (user.password[:4], "zzz"):
        answer = client.get(address(User, f"password__startswith={guess}"))
        assert (answer.status_code, user.email in answer.content.decode()) == (400, False)
    assert user.email in client.get(address(User, "is_active__exact=1")).content.decode()


def test_what_a_mail_says_is_told_by_no_list(client):
    client.force_login(administrator())
    for guess in ("Quarter", "zzz"):
        assert client.get(address(Notification, f"context__icontains={guess}")).status_code == 400
    assert client.get(address(Notification, "state__exact=dead")).status_code == 200
