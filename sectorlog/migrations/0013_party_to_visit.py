"""Who is to be visited, of hundreds of sectors, is found from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0012_last_contacts")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(gone_at=None, interval_days__isnull=False, merged_into=None),
                fields=["sector"],
                include=("created_at", "interval_days"),
                name="party_to_visit",
            ),
        ),
    ]
