"""The admin that station heads work in."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StationAdminSite(AdminSite):
    site_header = _("Your Police Officer")
    site_title = _("Your Police Officer")
    index_title = _("Station administration")
