"""A briefing sheet begins in our time: one of the year 1 cannot be read back, and breaks the list for everybody."""

import datetime

from django.db import migrations, models

# Such a sheet holds its period alone, so nothing is lost with it.
UNREADABLE = """
DELETE FROM sectorlog_briefing WHERE begins_at < '2000-01-01 00:00+00';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0006_wordings_packs_signers")]

    operations = [
        migrations.RunSQL(UNREADABLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="briefing",
            constraint=models.CheckConstraint(
                condition=models.Q(begins_at__gte=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)),
                name="briefing_begins_in_our_time",
                violation_error_message="This day is too long ago. Choose a later one.",
            ),
        ),
    ]
