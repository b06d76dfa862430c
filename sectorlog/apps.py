from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SectorlogConfig(AppConfig):
    name = "sectorlog"
    verbose_name = _("Sector log")

    def ready(self) -> None:
        from sectorlog import from_messages  # noqa: F401 - tells what was made from a message
        from sectorlog.parties import naming  # noqa: F401 - knows names of citizens
