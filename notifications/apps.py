from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Say how the code in a text message is fetched."""
        from notifications import text_numbers  # noqa: F401 - importing it registers that
