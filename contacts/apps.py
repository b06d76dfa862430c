from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contact with citizens")

    def ready(self) -> None:
        """Say how the words of mails are fetched, and what is done when they do not arrive."""
        from contacts.messages.mail import bouncing, replying  # noqa: F401 - importing them registers that
