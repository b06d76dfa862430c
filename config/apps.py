from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class StationAdminConfig(AdminConfig):
    """Puts the station's own admin site in the place of Django's default one."""

    default_site = "officers.adminsite.StationAdminSite"


class PublishedFilesConfig(StaticFilesConfig):
    """Leaves out what the libraries bring and no page asks for: compressing that took half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.bundle.js*",
        "bootstrap.css*",
        "bootstrap.esm*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "*.rtl.*",
        "leaflet-src*",
        "redoc*",
    ]
