"""What the database guards itself: the register's version, and that published boundaries stay as they are."""

from django.db import migrations

REGISTER_TABLES = (
    "sectors_station",
    "sectors_district",
    "sectors_sector",
    "sectors_boundaryrelease",
    "sectors_boundary",
)

RAISE_VERSION = """
CREATE FUNCTION sectors_raise_register_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sectors_registerversion AS version (subject, number) VALUES (TG_ARGV[0], 1)
        ON CONFLICT (subject) DO UPDATE SET number = version.number + 1;
    RETURN NULL;
END $$;
"""

KEEP_PUBLISHED_BOUNDARIES = """
CREATE FUNCTION sectors_keep_published_boundary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.release_id]
        WHEN 'DELETE' THEN ARRAY[OLD.release_id]
        ELSE ARRAY[OLD.release_id, NEW.release_id]
    END;
BEGIN
    -- Waits for a publication that is under way, and lets none begin before this has been committed.
    PERFORM FROM sectors_boundaryrelease WHERE id = ANY (touched) FOR SHARE;
    IF EXISTS (SELECT FROM sectors_boundaryrelease WHERE id = ANY (touched) AND period IS NOT NULL) THEN
        RAISE EXCEPTION 'The boundaries of a published release do not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'boundary_published_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER boundary_published_stays BEFORE INSERT OR UPDATE OR DELETE ON sectors_boundary
    FOR EACH ROW EXECUTE FUNCTION sectors_keep_published_boundary();
CREATE TRIGGER neighbour_published_stays BEFORE INSERT OR UPDATE OR DELETE ON sectors_neighbour
    FOR EACH ROW EXECUTE FUNCTION sectors_keep_published_boundary();

CREATE FUNCTION sectors_keep_published_sector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM sectors_boundary boundary JOIN sectors_boundaryrelease release ON release.id = boundary.release_id
        WHERE boundary.sector_id = OLD.id AND release.period IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A sector that has been published keeps its number and its station.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sector_published_keeps_identity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sector_published_keeps_identity BEFORE UPDATE ON sectors_sector FOR EACH ROW
    WHEN ((NEW.number, NEW.station_id) IS DISTINCT FROM (OLD.number, OLD.station_id))
    EXECUTE FUNCTION sectors_keep_published_sector();

CREATE FUNCTION sectors_keep_past_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.period IS NOT NULL THEN
        RAISE EXCEPTION 'A published boundary release is not deleted.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'release_past_stays';
    ELSIF TG_OP = 'UPDATE' AND lower(OLD.period) <= now() AND (
        NEW.period IS NULL
        OR NEW.station_id <> OLD.station_id
        OR lower(NEW.period) <> lower(OLD.period)
        OR (NEW.period <> OLD.period AND upper(OLD.period) <= now())
        OR (NEW.period <> OLD.period AND upper(NEW.period) < now() - interval '1 minute')
    ) THEN
        RAISE EXCEPTION 'Which boundaries were in force in the past does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'release_past_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER release_past_stays BEFORE UPDATE OR DELETE ON sectors_boundaryrelease
    FOR EACH ROW EXECUTE FUNCTION sectors_keep_past_release();
"""


def watch(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER raise_register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sectors_raise_register_version('division')",
        f"DROP TRIGGER raise_register_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("sectors", "0001_initial")]

    operations = [
        migrations.RunSQL(RAISE_VERSION, "DROP FUNCTION sectors_raise_register_version"),
        *(watch(table) for table in REGISTER_TABLES),
        migrations.RunSQL(
            KEEP_PUBLISHED_BOUNDARIES,
            "DROP TRIGGER release_past_stays ON sectors_boundaryrelease;"
            "DROP FUNCTION sectors_keep_past_release;"
            "DROP TRIGGER sector_published_keeps_identity ON sectors_sector;"
            "DROP FUNCTION sectors_keep_published_sector;"
            "DROP TRIGGER neighbour_published_stays ON sectors_neighbour;"
            "DROP TRIGGER boundary_published_stays ON sectors_boundary;"
            "DROP FUNCTION sectors_keep_published_boundary;",
        ),
    ]
