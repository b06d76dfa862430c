"""Sectors' pages link to the survey while it is open: the processes' copies of what is told notice a change."""

from django.db import migrations

RAISE = """
CREATE TRIGGER raise_register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON contacts_surveyround
    FOR EACH STATEMENT EXECUTE FUNCTION sectors_raise_register_version('contacts');
"""
NO_RAISE = "DROP TRIGGER raise_register_version ON contacts_surveyround;"


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_guards_of_evaluations"),
        ("sectors", "0006_contacts_in_the_register"),
    ]

    operations = [migrations.RunSQL(RAISE, NO_RAISE)]
