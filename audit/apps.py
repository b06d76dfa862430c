from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Log of reads and changes")

    def ready(self) -> None:
        from audit import checks  # noqa: F401  # registers itself
        from audit.schema import after_migrate

        post_migrate.connect(after_migrate, sender=self)
