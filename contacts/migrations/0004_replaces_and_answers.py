"""What a draft is written anew instead of, and what an officer says to being assigned to an event."""

import django.db.models.deletion
from django.db import migrations, models


def replaces(of: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        editable=False,
        help_text="What is taken back when this is published.",
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=of,
        verbose_name="written anew instead of",
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_record_changes")]

    operations = [
        migrations.AddField("notice", "replaces", replaces("contacts.notice")),
        migrations.AddField("event", "replaces", replaces("contacts.event")),
        migrations.AddField(
            "eventpresence",
            "answer",
            models.CharField(
                blank=True,
                choices=[("yes", "will be there"), ("no", "cannot be there")],
                editable=False,
                max_length=3,
                verbose_name="the officer says",
            ),
        ),
    ]
