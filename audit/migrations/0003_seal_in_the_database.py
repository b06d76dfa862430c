"""The database computes the seals: whoever only adds to the log can neither make one up nor end the chain."""

from django.db import migrations

# One text for an entry, here and in `audit.sealing`. A column that is added later gets a place at the end.
LINES = """
CREATE FUNCTION audit_line(entry audit_readentry) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(entry.id, extract(epoch FROM entry.at), entry.xid, entry.actor_id, entry.actor,
        entry.verb, entry.subject, entry.keys, entry.sectors, entry.purpose, entry.path, entry.request_id)::text
$$;

CREATE FUNCTION audit_line(entry audit_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(entry.id, extract(epoch FROM entry.at), entry.xid, entry.actor_id, entry.actor,
        entry.table_name, entry.subject, entry.key, entry.sectors, entry.operation, entry.before, entry.after,
        entry.purpose, entry.path, entry.request_id)::text
$$;
"""

# An entry that no page of the site is long enough for could be too long to be sealed.
BOUNDS = """
ALTER TABLE audit_readentry ADD CONSTRAINT readentry_of_bounded_length CHECK (
    octet_length(actor) + octet_length(subject) + octet_length(purpose) + octet_length(path) < 20000
    AND octet_length(keys::text) + octet_length(sectors::text) < 50000000
) NOT VALID;

-- So it is with what a row held: of a value beyond a megabyte the log tells that it changed.
CREATE OR REPLACE FUNCTION audit_part(row_data jsonb, other jsonb, left_out text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(key,
        CASE WHEN (key = ANY (left_out) AND value <> 'null') OR pg_column_size(value) > 1000000
        THEN '"(left out)"' ELSE value END)
    FROM jsonb_each(row_data) WHERE other IS NULL OR other -> key IS DISTINCT FROM value
$$;
"""

# Entry by entry, so that it takes the same memory for a million as for one.
SEAL = """
CREATE FUNCTION audit_make_seal(sealed_log text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entries constant regclass := CASE sealed_log
        WHEN 'reads' THEN 'audit_readentry' WHEN 'changes' THEN 'audit_change' END;
    last audit_seal;
    upto bigint;
    line text;
    digest bytea;
    entries_sealed bigint := 0;
    made bigint;
BEGIN
    -- The second of two at once waits, and finds nothing left to do.
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal_' || sealed_log));
    SELECT * INTO last FROM audit_seal WHERE log = sealed_log ORDER BY id DESC LIMIT 1;
    last.digest := coalesce(last.digest, repeat('0', 64));
    last.to_xid := coalesce(last.to_xid, 0);
    upto := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_counter_ahead() - 1;
    digest := sha256(convert_to(concat_ws(E'\\n', last.digest, sealed_log, last.to_xid, upto), 'UTF8'));
    FOR line IN EXECUTE format(
        'SELECT audit_line(entry) FROM %s entry WHERE xid > $1 AND xid <= $2 ORDER BY xid, id', entries)
        USING last.to_xid, upto
    LOOP
        digest := sha256(digest || convert_to(line, 'UTF8'));
        entries_sealed := entries_sealed + 1;
    END LOOP;
    IF entries_sealed = 0 THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_seal (log, from_xid, to_xid, rows, digest, previous)
        VALUES (sealed_log, last.to_xid, upto, entries_sealed, encode(digest, 'hex'), last.digest)
        RETURNING id INTO made;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION audit_make_seal(text) FROM PUBLIC;
"""

# No release had seals, and these digests are computed otherwise: the chain begins with the log.
BEGIN_ANEW = """
ALTER TABLE audit_seal DISABLE TRIGGER audit_append_only;
DELETE FROM audit_seal;
ALTER TABLE audit_seal ENABLE TRIGGER audit_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guard_the_functions")]

    operations = [
        migrations.RunSQL(
            LINES, "DROP FUNCTION audit_line(audit_readentry); DROP FUNCTION audit_line(audit_change);"
        ),
        migrations.RunSQL(BOUNDS, "ALTER TABLE audit_readentry DROP CONSTRAINT readentry_of_bounded_length"),
        migrations.RunSQL(SEAL, "DROP FUNCTION audit_make_seal(text)"),
        migrations.RunSQL(BEGIN_ANEW, BEGIN_ANEW),
    ]
