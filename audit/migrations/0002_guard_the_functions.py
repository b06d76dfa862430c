"""What the functions of the log do for the application's role, and nothing beyond: `audit.schema` grants them."""

from django.db import migrations

# The months that anybody may ask for are fixed; the owner alone names others.
PARTITIONS = """
DROP FUNCTION audit_make_partitions(date, integer);

CREATE FUNCTION audit_make_partitions(first date, months integer) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    log text;
    month timestamp;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partitions'));
    FOR month IN SELECT date_trunc('month', first::timestamp) + number * interval '1 month'
                 FROM generate_series(0, least(months, 240) - 1) number LOOP
        FOREACH log IN ARRAY ARRAY['audit_readentry', 'audit_change'] LOOP
            part := log || to_char(month, '_YYYY_MM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, log,
                    month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                EXECUTE format('CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON %I'
                    ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
            EXCEPTION WHEN check_violation THEN
                -- Nobody made it in time: its entries lie in the default partition, and stay there.
                RAISE WARNING 'The entries of % stay in the default partition.', part;
            END;
        END LOOP;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_make_partitions(date, integer) FROM PUBLIC;

-- This month and the next three. Runs as the owner: the application's role may not make tables.
CREATE FUNCTION audit_make_partitions() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT audit_make_partitions(current_date, 4)';
"""

# As in the first migration, but for a table that somebody made for themselves: what happens there is no change.
RECORD_CHANGE = """
CREATE OR REPLACE FUNCTION audit_record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject constant text := TG_ARGV[0];
    key_column constant text := TG_ARGV[1];
    sector_column constant text := TG_ARGV[2];
    left_out constant text[] := TG_ARGV[3];
    old_row jsonb;
    new_row jsonb;
BEGIN
    IF TG_TABLE_SCHEMA <> 'public' THEN
        RAISE EXCEPTION 'Changes of %.% are not recorded: it is no table of the site.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_own_tables';
    END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        new_row := to_jsonb(NEW);
    END IF;
    IF old_row = new_row THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_change
        (actor_id, actor, table_name, subject, key, sectors, operation, before, after, purpose, path, request_id)
    SELECT
        nullif(current_setting('audit.actor_id', true), '')::bigint,
        coalesce(nullif(current_setting('audit.actor', true), ''), 'system'),
        TG_TABLE_NAME,
        subject,
        coalesce(coalesce(new_row, old_row) ->> key_column, ''),
        (SELECT coalesce(array_agg(DISTINCT sector::bigint), '{}')
         FROM unnest(ARRAY[old_row ->> sector_column, new_row ->> sector_column]) sector WHERE sector IS NOT NULL),
        left(TG_OP, 1),
        audit_part(old_row, new_row, left_out),
        audit_part(new_row, old_row, left_out),
        coalesce(current_setting('audit.purpose', true), ''),
        -- Without a page, the program: "manage.py import_boundaries", "celery".
        coalesce(nullif(current_setting('audit.path', true), ''), current_setting('application_name')),
        nullif(current_setting('audit.request_id', true), '')::uuid;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_record_change() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        # The functions before them stay good for nothing but the owner.
        migrations.RunSQL(PARTITIONS, migrations.RunSQL.noop),
        migrations.RunSQL(RECORD_CHANGE, migrations.RunSQL.noop),
    ]
