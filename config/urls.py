from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from contacts import api, health
from contacts.views.map import sectors_geojson

urlpatterns = [
    path("api/v1/locate", api.locate),
    path("api/v1/addresses", api.addresses),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", (api.public_urls(), "api", "api-v1")),
    path("sectors.geojson", sectors_geojson, name="sectors_geojson"),
    *i18n_patterns(
        path("", include("contacts.urls")),
        path("log/", include("sectorlog.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
