"""Every change stands in the log of changes: that it was, by whom and when; the words stand in the rows themselves."""

from django.db import migrations

from audit.triggers import watch

REVISION = ("title_en", "title_da", "body_en", "body_da", "sent_back_because")


class Migration(migrations.Migration):
    dependencies = [("handbook", "0002_guards"), ("audit", "0001_initial")]

    operations = [
        watch("handbook_chapter", subject="handbook.chapter"),
        watch("handbook_revision", subject="handbook.revision", without=REVISION),
        watch("handbook_contribution", subject="handbook.contribution", without=("form_token", "text")),
        watch("handbook_contributionstep", subject="handbook.contributionstep", without=("text",)),
        watch("handbook_wording", subject="handbook.wording", without=("text_en", "text_da")),
        watch("handbook_agreement", subject="handbook.agreement"),
        watch("handbook_readingrequest", subject="handbook.readingrequest"),
        watch("handbook_confirmation", subject="handbook.confirmation"),
    ]
