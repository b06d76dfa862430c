"""The mirror counts a sector's outcomes from an index alone: each entry's text would have to be read past else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0008_keys_items_proofs")]

    operations = [
        migrations.AddIndex(
            model_name="logentry",
            index=models.Index(fields=["sector", "outcome", "happened_at"], name="entry_of_outcome"),
        ),
    ]
