"""What ties the log to the public side stands in the log of changes."""

from django.db import migrations

from audit.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0010_public_side"), ("audit", "0001_initial")]

    operations = [
        watch("sectorlog_messagefollowup", subject="sectorlog.messagefollowup"),
        watch("sectorlog_toldpublic", subject="sectorlog.toldpublic"),
    ]
