"""Does the database keep the application from changing the log? Asked by `check --deploy --database default`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

from audit.schema import has_log, is_append_only


@register(Tags.database, deploy=True)
def application_role(app_configs: Any = None, databases: Any = None, **options: Any) -> list[CheckMessage]:
    if settings.DEMO or not databases or "default" not in databases or not has_log("default"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [role] = cursor.fetchone()
    if is_append_only(role):
        return []
    return [
        Warning(
            f"The site works as the database role {role}, which may change or empty the log of reads and changes.",
            hint="Give DATABASE_URL a role of its own that owns nothing, OWNER_DATABASE_URL the one that owns the "
            "tables, and run migrate. See docs/deployment.md.",
            id="audit.W001",
        )
    ]
