"""Which addresses are open to everybody: this list, and nothing else."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "/",
    "find/",
    "map/",
    "sectors/",
    "sectors/<slug:slug>/",
    "sectors/<slug:slug>/message/",
    "messages/<str:token>/",  # whoever has the link
    "messages/<str:token>/withdraw/",
    "messages/<str:token>/evaluate/",
    "sectors/<slug:slug>/survey/",
    "sectors/<slug:slug>/card.vcf",
    "sectors/<slug:slug>/qr.svg",
    "sectors/<slug:slug>/events.ics",
    "sectors/<slug:slug>/events/<uuid:uuid>.ics",
    "sectors/<slug:slug>/notices.atom",
    "stations/<slug:slug>/events.ics",
    "stations/<slug:slug>/notices.atom",
    "sectors.geojson",
    "find-my-officer.js",
    "embed/",
    "portraits/<slug:digest>-<slug:size>.jpg",  # of the officers whom a public page shows
    "log/worker.js",  # the service worker: the same for everybody
    "healthz",
    "readyz",
    "api/v1/locate",
    "api/v1/locate/bulk",
    "api/v1/addresses",
    "api/v1/sectors",
    "api/v1/sectors/<str:slug>",
    "api/v1/openapi.json",
    "api/v1/docs",
    "api/v1/<path:path>",  # a 404 that a program can read
    "p/<slug:code>/",
    "prints/<slug:code>/",
    "sectors/<slug:slug>/leaflet.pdf",
    # The login itself, and what leads to it.
    "admin/login/",
    "account/login/",
    "account/logout/",  # says goodbye to whoever is logged out already
    "account/inactive/",
    "account/password/reset/",
    "account/password/reset/sent/",
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
    "account/password/reset/key/done/",
    "account/invitation/<str:secret>/",
    "account/second-factor/authenticate/",
    "account/second-factor/webauthn/login/",
}


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, object]]:
    found = []
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).removeprefix("/")
        if isinstance(pattern, URLPattern):
            found.append((path or "/", pattern.callback))
        else:
            found += routes(pattern, path)
    return found


def test_only_the_listed_addresses_are_open_to_everybody():
    open_to_all = {path for path, view in routes(get_resolver()) if not getattr(view, "login_required", True)}
    assert open_to_all == PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/log/", "/admin/", "/admin/officers/assignment/", "/da/admin/", "/account/"]
)
def test_everything_else_asks_for_a_login(client, path):
    response = client.get(path, follow=True)
    where, status = response.redirect_chain[-1]
    assert status == 302
    assert where.startswith(("/account/login/?next=", "/da/account/login/?next="))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/login/code/",
        "/account/3rdparty/",
        "/account/oidc/station/login/",
        "/account/second-factor/webauthn/signup/",
    ],
)
def test_what_the_login_has_no_use_for_does_not_exist(client, path):
    assert client.get(path).status_code == 404
