"""No planned row is moved into the past, covers are of the absent officer's own sectors, heads of their own districts."""

from django.db import migrations

# An end may lie up to a minute back, a beginning too: the application's clock is not the database's, and a
# transaction's now() is that of its beginning.
KEEP_PAST = """
CREATE OR REPLACE FUNCTION officers_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
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
    )%s THEN
        RAISE EXCEPTION 'What held in the past does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
NOT_INTO_PAST = (
    " OR lower(NEW.period) <> lower(OLD.period) AND lower(NEW.period) < now() - interval '1 minute'"
)

COVER_FITS = """
CREATE OR REPLACE FUNCTION officers_check_cover() RETURNS trigger LANGUAGE plpgsql AS $$
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
    %sEND IF;
    RETURN NEW;
END $$;
"""
# Whose appointment ends later leaves the cover as it is: an end or a withdrawal must always be possible.
OWN_SECTOR = """ELSIF (
        TG_OP = 'INSERT' OR (NEW.sector_id, NEW.absence_id) <> (OLD.sector_id, OLD.absence_id)
    ) AND NOT EXISTS (
        SELECT FROM officers_assignment
        WHERE officer_id = away.officer_id AND sector_id = NEW.sector_id AND role = 'responsible'
        AND withdrawn_at IS NULL AND period && NEW.period
    ) THEN
        RAISE EXCEPTION 'The absent officer is not responsible for this sector.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_of_own_sector';
    """

OWN_DISTRICT = """
CREATE FUNCTION officers_check_leadership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.district_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM sectors_district WHERE id = NEW.district_id AND station_id = NEW.station_id
    ) THEN
        RAISE EXCEPTION 'The district belongs to another station.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'leadership_of_own_district';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leadership_of_own_district BEFORE INSERT OR UPDATE OF station_id, district_id ON officers_leadership
    FOR EACH ROW EXECUTE FUNCTION officers_check_leadership();
"""
UNCHECK_DISTRICT = """
DROP TRIGGER leadership_of_own_district ON officers_leadership;
DROP FUNCTION officers_check_leadership;
"""


class Migration(migrations.Migration):
    dependencies = [("officers", "0007_record_changes_of_logins")]

    operations = [
        migrations.RunSQL(KEEP_PAST % NOT_INTO_PAST, KEEP_PAST % ""),
        migrations.RunSQL(COVER_FITS % OWN_SECTOR, COVER_FITS % ""),
        migrations.RunSQL(OWN_DISTRICT, UNCHECK_DISTRICT),
    ]
