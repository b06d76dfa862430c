"""What the database guards itself: a manning basis that was decided does not change, and none is deleted."""

from django.db import migrations

KEEP_DECIDED = """
CREATE FUNCTION sectors_keep_decided_manning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.required IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'A manning basis that was decided stays; a new one takes its place.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'manningbasis_decided_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER manningbasis_decided_stays BEFORE UPDATE OR DELETE ON sectors_manningbasis
    FOR EACH ROW EXECUTE FUNCTION sectors_keep_decided_manning();
"""


class Migration(migrations.Migration):
    dependencies = [("sectors", "0003_manning_and_documents")]

    operations = [
        migrations.RunSQL(
            KEEP_DECIDED,
            "DROP TRIGGER manningbasis_decided_stays ON sectors_manningbasis;"
            "DROP FUNCTION sectors_keep_decided_manning;",
        )
    ]
