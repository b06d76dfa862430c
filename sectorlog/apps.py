from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SectorlogConfig(AppConfig):
    name = "sectorlog"
    verbose_name = _("Sector log")
