"""What the database guards itself: appointments are not rewritten, and the public copy is told of changes."""

from django.db import migrations

KEEP_PAST = """
CREATE FUNCTION officers_keep_past_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'An appointment is not deleted, it ends.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assignment_past_stays';
    ELSIF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL OR lower(OLD.period) <= now() AND (
        lower(NEW.period) <> lower(OLD.period)
        OR NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
        OR (NEW.sector_id, NEW.officer_id, NEW.role) <> (OLD.sector_id, OLD.officer_id, OLD.role)
        OR (NEW.period <> OLD.period AND (upper(OLD.period) <= now() OR upper(NEW.period) < now() - interval '1 minute'))
    ) THEN
        RAISE EXCEPTION 'Who was appointed in the past does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assignment_past_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_past_stays BEFORE UPDATE OR DELETE ON officers_assignment
    FOR EACH ROW EXECUTE FUNCTION officers_keep_past_assignment();
"""


def watch(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER raise_register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sectors_raise_register_version('appointments')",
        f"DROP TRIGGER raise_register_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("officers", "0002_relations"), ("sectors", "0002_guards")]

    operations = [
        migrations.RunSQL(
            KEEP_PAST,
            "DROP TRIGGER assignment_past_stays ON officers_assignment;"
            "DROP FUNCTION officers_keep_past_assignment;",
        ),
        watch("officers_officer"),
        watch("officers_assignment"),
    ]
