"""What the database guards itself: no dated row is rewritten once it has begun, and covers fit their absences."""

from django.db import migrations

# A row that has begun keeps everything but its end; TG_ARGV names the columns that may still change.
KEEP_PAST = """
CREATE FUNCTION officers_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept_open text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A dated row is not deleted, it ends.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    ELSIF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL OR lower(OLD.period) <= now() AND (
        lower(NEW.period) <> lower(OLD.period)
        OR to_jsonb(OLD) - 'period' - kept_open <> to_jsonb(NEW) - 'period' - kept_open
        OR (NEW.period <> OLD.period AND (upper(OLD.period) <= now() OR upper(NEW.period) < now() - interval '1 minute'))
    ) THEN
        RAISE EXCEPTION 'What held in the past does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
"""

COVER_FITS = """
CREATE FUNCTION officers_check_cover() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    away officers_absence;
BEGIN
    IF NEW.withdrawn_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO away FROM officers_absence WHERE id = NEW.absence_id FOR SHARE;
    IF away.withdrawn_at IS NOT NULL OR NOT NEW.period <@ away.period THEN
        RAISE EXCEPTION 'A cover lies within the absence.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_within_absence';
    ELSIF NEW.officer_id = away.officer_id THEN
        RAISE EXCEPTION 'Nobody covers for themselves.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_by_another';
    ELSIF TG_OP = 'INSERT' AND EXISTS (
        SELECT FROM officers_absence
        WHERE officer_id = NEW.officer_id AND withdrawn_at IS NULL AND period && NEW.period
    ) THEN
        RAISE EXCEPTION 'Who is away does not cover.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_by_somebody_present';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cover_within_absence BEFORE INSERT OR UPDATE ON officers_cover
    FOR EACH ROW EXECUTE FUNCTION officers_check_cover();
CREATE FUNCTION officers_check_absence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM officers_cover
        WHERE absence_id = NEW.id AND withdrawn_at IS NULL
        AND (NEW.withdrawn_at IS NOT NULL OR NOT period <@ NEW.period)
    ) THEN
        RAISE EXCEPTION 'A cover would last longer than the absence.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_within_absence';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER absence_still_holds_covers BEFORE UPDATE ON officers_absence
    FOR EACH ROW EXECUTE FUNCTION officers_check_absence();
"""
UNCHECK_COVER = """
DROP TRIGGER absence_still_holds_covers ON officers_absence;
DROP FUNCTION officers_check_absence;
DROP TRIGGER cover_within_absence ON officers_cover;
DROP FUNCTION officers_check_cover;
"""

FORMER_TRIGGER = """
CREATE TRIGGER assignment_past_stays BEFORE UPDATE OR DELETE ON officers_assignment
    FOR EACH ROW EXECUTE FUNCTION officers_keep_past_assignment();
"""


def keep_past(model: str, *changeable: str) -> migrations.RunSQL:
    arguments = ", ".join(f"'{column}'" for column in changeable)
    return migrations.RunSQL(
        f"CREATE TRIGGER {model}_past_stays BEFORE UPDATE OR DELETE ON officers_{model} "
        f"FOR EACH ROW EXECUTE FUNCTION officers_keep_past({arguments})",
        f"DROP TRIGGER {model}_past_stays ON officers_{model}",
    )


def watch(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER raise_register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sectors_raise_register_version('appointments')",
        f"DROP TRIGGER raise_register_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("officers", "0004_dated_rows")]

    operations = [
        migrations.RunSQL(KEEP_PAST, "DROP FUNCTION officers_keep_past"),
        migrations.RunSQL("DROP TRIGGER assignment_past_stays ON officers_assignment", FORMER_TRIGGER),
        keep_past("assignment", "hand_over_on"),
        keep_past("leadership"),
        keep_past("absence"),
        keep_past("cover"),
        keep_past("staffrole"),
        keep_past("liaison"),
        migrations.RunSQL(COVER_FITS, UNCHECK_COVER),
        watch("officers_absence"),
        watch("officers_cover"),
        watch("officers_portrait"),
    ]
