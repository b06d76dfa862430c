from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config import environment
from contacts import health
from contacts.api import urls as programs
from contacts.views.embed import find_my_officer
from contacts.views.map import sectors_geojson
from contacts.views.portraits import portrait
from contacts.views.print_code import print_code

# A police force's own sign-on has addresses where one is set. Its provider knows them in one form, in no language.
sign_on = [path("account/oidc/", include("officers.login.sign_on_urls"))] if environment.OIDC_ISSUER else []

urlpatterns = [
    *programs.asked_most,
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", include("contacts.api.urls")),
    path("sectors.geojson", sectors_geojson, name="sectors_geojson"),
    path("find-my-officer.js", find_my_officer, name="find_my_officer"),
    path("portraits/<slug:digest>-<slug:size>.jpg", portrait, name="portrait"),
    # As short as can be, for the QR codes of prints; it leads on into the reader's language.
    path("p/<slug:code>/", print_code, name="print_code"),
    *sign_on,
    *i18n_patterns(
        path("", include("contacts.urls")),
        path("station/overview/", include("overview.urls")),
        path("log/", include("sectorlog.urls")),
        path("handbook/", include("handbook.urls")),
        path("", include("officers.urls")),
        path("account/", include("officers.login.urls")),
        path("", include("audit.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    *programs.otherwise,
]
