"""Which accounts' e-mail addresses take no mail, so that a head learns of it."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_record_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="UndeliverableAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="a mail was taken")),
            ],
            options={
                "verbose_name": "undeliverable address",
                "verbose_name_plural": "undeliverable addresses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address", django.db.models.functions.text.Lower("address"))),
                        name="undeliverable_address_in_small_letters",
                        violation_error_message="Write the address in small letters.",
                    )
                ],
            },
        ),
    ]
