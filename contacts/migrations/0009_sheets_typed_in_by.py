"""How many sheets of a survey each account has typed in, by round and sector: numbers that only grow."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION contacts_keep_sheetcount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.round_id, NEW.sector_id, NEW.user_id) IS DISTINCT FROM (OLD.round_id, OLD.sector_id, OLD.user_id)
        OR NEW.sheets < OLD.sheets THEN
        RAISE EXCEPTION 'A count of sheets only grows.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sheetcount_grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheetcount_grows BEFORE UPDATE ON contacts_sheetcount
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_sheetcount();
CREATE TRIGGER sheetcount_stays BEFORE DELETE ON contacts_sheetcount
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
"""
NO_GUARD = """
DROP TRIGGER sheetcount_stays ON contacts_sheetcount;
DROP TRIGGER sheetcount_grows ON contacts_sheetcount;
DROP FUNCTION contacts_keep_sheetcount;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_evaluated_at_no_instant"),
        ("sectors", "0006_contacts_in_the_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SheetCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheets", models.PositiveIntegerField(default=0, verbose_name="sheets")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_counts",
                        to="contacts.surveyround",
                        verbose_name="survey round",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sectors.sector",
                        verbose_name="sector",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="typed in by",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of sheets",
                "verbose_name_plural": "counts of sheets",
                "constraints": [
                    models.UniqueConstraint(fields=("round", "sector", "user"), name="sheetcount_once")
                ],
            },
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
