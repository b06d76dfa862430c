from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLResolver, include, path

from contacts import api, health
from contacts.views.map import sectors_geojson


def sign_on_patterns() -> list[URLResolver]:
    """Return the sign-on's addresses where one is set; its provider knows them in one form, without a language."""
    if not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        return []
    return [path("account/oidc/", include("officers.login.sign_on_urls"))]


urlpatterns = [
    path("api/v1/locate", api.locate),
    path("api/v1/addresses", api.addresses),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", (api.public_urls(), "api", "api-v1")),
    path("sectors.geojson", sectors_geojson, name="sectors_geojson"),
    *sign_on_patterns(),
    *i18n_patterns(
        path("", include("contacts.urls")),
        path("log/", include("sectorlog.urls")),
        path("account/", include("officers.login.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
