"""Who wants text messages, and since when, stands in the log of changes."""

from django.db import migrations

from audit.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_text_messages"), ("audit", "0001_initial")]

    operations = [watch("notifications_textnumber", subject="notifications.textnumber", without=("phone",))]
