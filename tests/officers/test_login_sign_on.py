"""The sign-on of a police force, against a real OpenID Connect provider that runs in this process."""

import datetime
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.urls import get_resolver

from officers.models import User
from tests.factories import UserFactory
from tests.test_routes import PUBLIC, routes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.officers.sign_on_urls"),
    # The provider's own affair, in whose threads our filter of warnings holds as well.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

BEGIN = "/account/oidc/station/login/?process=login"
FAILED = "The sign-on did not work."


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sign_on(settings, provider):
    """Set the sign-on; returns what describes it, for a test to change."""
    described = {
        "provider_id": "station",
        "name": "Police ID",
        "client_id": "officer",
        "secret": "only for tests",
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [described]}}
    return described


def known(provider, **claims) -> str:
    """Make somebody known to the provider; returns their subject."""
    subject = claims.pop("sub", "person-7")
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).raise_for_status()
    return subject


def begin(client, *, to="") -> str:
    """Begin at the site; returns the provider's address that it leads to."""
    answer = client.get(BEGIN + (f"&next={to}" if to else ""))
    assert answer.status_code == 302
    return answer.url


def agree(address: str, subject: str) -> str:
    """Log in at the provider; returns the address that it leads back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def through(client, subject, **how):
    return client.get(agree(begin(client, **how), subject))


def is_in(client, user) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def sentence(client, answer) -> str:
    assert "_auth_user_id" not in client.session
    return client.get(answer.url).content.decode()


@pytest.fixture
def user() -> User:
    return UserFactory(email="jens@police.example")


@pytest.mark.usefixtures("sign_on")
def test_somebody_with_an_account_is_let_in_and_connected(client, provider, user):
    subject = known(provider, email="Jens@Police.example", email_verified=True)
    answer = through(client, subject, to="/log/")
    assert answer.url == "/log/"
    assert is_in(client, user)
    connection = SocialAccount.objects.get()
    assert (connection.user, connection.uid, connection.extra_data) == (user, subject, {})
    user.refresh_from_db()
    assert user.check_password("correct horse battery")
    assert not EmailAddress.objects.exists()


@pytest.mark.usefixtures("sign_on")
def test_who_is_connected_is_let_in_by_the_subject_whatever_the_address(client, provider, user):
    subject = known(provider, email="jens@police.example", email_verified=True)
    through(client, subject)
    client.logout()
    through(client, known(provider, email="other@police.example", email_verified=False))
    assert is_in(client, user)
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.usefixtures("sign_on")
def test_an_address_that_was_changed_a_moment_ago_lets_nobody_in(client, provider, user):
    User.objects.filter(pk=user.pk).update(email="other@police.example")
    subject = known(provider, email="other@police.example", email_verified=True)
    assert "There is no account" in sentence(client, through(client, subject))
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("sign_on")
def test_nobody_gets_an_account_by_signing_on(client, provider):
    subject = known(provider, email="nobody@police.example", email_verified=True)
    answer = through(client, subject)
    assert "There is no account for nobody@police.example" in sentence(client, answer)
    assert not User.objects.exists()


@pytest.mark.parametrize("claims", [{"email_verified": False}, {}, {"email_verified": "false"}])
@pytest.mark.usefixtures("sign_on", "user")
def test_an_address_that_the_provider_has_not_verified_opens_nothing(client, provider, claims):
    answer = through(client, known(provider, email="jens@police.example", **claims))
    assert "does not say that your e-mail address is verified" in sentence(client, answer)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("is_connected", [False, True])
@pytest.mark.usefixtures("sign_on")
def test_an_account_that_is_switched_off_stays_shut(client, provider, user, is_connected):
    subject = known(provider, email="jens@police.example", email_verified=True)
    if is_connected:
        through(client, subject)
        client.logout()
    User.objects.update(is_active=False)
    assert "This account is switched off." in sentence(client, through(client, subject))
    assert SocialAccount.objects.exists() is is_connected


@pytest.mark.usefixtures("sign_on")
def test_a_state_that_this_browser_did_not_get_is_refused(client, provider, user):
    subject = known(provider, email="jens@police.example", email_verified=True)
    back = agree(begin(client), subject)
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert FAILED in sentence(client, client.get(back.replace(state, "A" * len(state))))
    other = type(client)()
    assert FAILED in sentence(other, other.get(back))


@pytest.mark.usefixtures("sign_on")
def test_an_answer_is_good_once(client, provider, user):
    back = agree(begin(client), known(provider, email="jens@police.example", email_verified=True))
    assert client.get(back).status_code == 302
    client.logout()
    assert FAILED in sentence(client, client.get(back))


@pytest.mark.usefixtures("sign_on", "user")
def test_a_code_of_another_login_is_refused(client, provider):
    """This provider knows no PKCE, so it is the nonce alone that tells."""
    subject = known(provider, email="jens@police.example", email_verified=True)
    address = begin(client)
    sent = parse_qs(urlsplit(address).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["nonce"]
    thief = type(client)()
    stolen = parse_qs(urlsplit(agree(begin(thief), subject)).query)["code"][0]
    back = urlsplit(agree(address, subject))
    own = parse_qs(back.query)
    answer = client.get(f"{back.path}?code={stolen}&state={own['state'][0]}")
    assert FAILED in sentence(client, answer)


@pytest.mark.usefixtures("user")
def test_a_token_that_has_run_out_is_refused(client, sign_on):
    late = datetime.timedelta(hours=-1)
    with oidc_provider_mock.run_server_in_thread(access_token_max_age=late) as server:
        provider = f"http://localhost:{server.server_port}"
        sign_on["settings"] |= {"server_url": provider, "fetch_userinfo": False}
        subject = known(provider, email="jens@police.example", email_verified=True)
        assert FAILED in sentence(client, through(client, subject))


@pytest.mark.usefixtures("user")
def test_a_token_for_another_client_is_refused(client, provider, sign_on):
    subject = known(provider, email="jens@police.example", email_verified=True)
    back = agree(begin(client), subject)
    sign_on["client_id"] = "somebody else"
    assert FAILED in sentence(client, client.get(back))


@pytest.mark.usefixtures("sign_on")
def test_saying_no_at_the_provider_leads_back_to_the_login(client, provider):
    answer = requests.post(begin(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert FAILED in sentence(client, client.get(f"{back.path}?{back.query}"))


def test_a_provider_that_is_away_leads_back_to_the_login(client, sign_on):
    sign_on["settings"]["server_url"] = "http://localhost:9"
    assert FAILED in sentence(client, client.get(BEGIN))


@pytest.mark.usefixtures("sign_on")
def test_the_sign_on_is_not_for_connecting_to_whoever_is_logged_in(client, provider, user):
    client.force_login(UserFactory())
    subject = known(provider, email="jens@police.example", email_verified=True)
    back = agree(client.get("/account/oidc/station/login/?process=connect").url, subject)
    client.get(back)
    assert not SocialAccount.objects.exists()


@pytest.fixture
def with_second_factor(user) -> User:
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.mark.usefixtures("sign_on")
def test_the_second_factor_is_asked_for_here(client, provider, with_second_factor):
    subject = known(provider, email="jens@police.example", email_verified=True, amr=["pwd", "mfa"])
    assert through(client, subject).url == "/account/second-factor/authenticate/"
    assert not is_in(client, with_second_factor)


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
@pytest.mark.usefixtures("sign_on")
def test_a_provider_that_says_so_in_words_we_know_is_believed(
    client, settings, provider, with_second_factor, claims
):
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    settings.SECOND_FACTOR_REQUIRED = True
    subject = known(provider, email="jens@police.example", email_verified=True, **claims)
    through(client, subject)
    assert is_in(client, with_second_factor)
    assert client.get("/log/").status_code == 200


@pytest.mark.parametrize("claims", [{"amr": ["pwd"]}, {"amr": "mfa-ish"}, {"acr": "1"}, {}])
@pytest.mark.usefixtures("sign_on")
def test_a_provider_that_says_anything_else_is_not(client, settings, provider, with_second_factor, claims):
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    subject = known(provider, email="jens@police.example", email_verified=True, **claims)
    assert through(client, subject).url == "/account/second-factor/authenticate/"


@pytest.mark.usefixtures("sign_on")
def test_the_login_offers_the_sign_on_by_its_name(client):
    page = client.get("/account/login/?next=/log/").content.decode()
    assert "Log in with Police ID" in page
    assert "/account/oidc/station/login/?process=login&amp;next=%2Flog%2F" in page


def test_a_sign_on_that_is_not_set_does_not_exist(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert client.get(BEGIN).status_code == 404


def test_a_sign_on_opens_two_addresses_to_everybody_and_no_others():
    found = routes(get_resolver("tests.officers.sign_on_urls"))
    open_to_all = {path for path, view in found if not getattr(view, "login_required", True)}
    begin_and_back = {
        "account/oidc/<slug:provider_id>/login/",
        "account/oidc/<slug:provider_id>/login/callback/",
    }
    assert open_to_all == PUBLIC | begin_and_back
