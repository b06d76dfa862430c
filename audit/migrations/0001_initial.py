"""The tables of the log, append-only and partitioned by month, and the function that records changes."""

import django.contrib.postgres.fields
from django.db import migrations, models

# `at` and `id` are the order in which the log is read, so their index is the primary key.
TABLES = """
-- Raised when the database is restored into a cluster whose count of transactions is lower: see audit.schema.
CREATE FUNCTION audit_counter_ahead() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 0::bigint';

CREATE FUNCTION audit_transaction() RETURNS bigint LANGUAGE sql VOLATILE
    AS 'SELECT pg_current_xact_id()::text::bigint + audit_counter_ahead()';

CREATE TABLE audit_readentry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    xid bigint NOT NULL DEFAULT audit_transaction(),
    actor_id bigint,
    actor text NOT NULL,
    verb text NOT NULL
        CONSTRAINT readentry_verb_known CHECK (verb IN ('shown', 'listed', 'searched', 'exported', 'downloaded')),
    subject text NOT NULL,
    keys text[] NOT NULL DEFAULT '{}',
    sectors bigint[] NOT NULL DEFAULT '{}',
    purpose text NOT NULL DEFAULT '',
    path text NOT NULL DEFAULT '',
    request_id uuid,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE audit_readentry_default PARTITION OF audit_readentry DEFAULT;
CREATE INDEX audit_readentry_actor ON audit_readentry (actor_id, at, id);
CREATE INDEX audit_readentry_objects ON audit_readentry USING gin (keys, sectors);
CREATE INDEX audit_readentry_transaction ON audit_readentry (xid, id);

CREATE TABLE audit_change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    xid bigint NOT NULL DEFAULT audit_transaction(),
    actor_id bigint,
    actor text NOT NULL,
    table_name text NOT NULL,
    subject text NOT NULL,
    key text NOT NULL,
    sectors bigint[] NOT NULL DEFAULT '{}',
    operation text NOT NULL CONSTRAINT change_operation_known CHECK (operation IN ('I', 'U', 'D', 'T')),
    before jsonb,
    after jsonb,
    purpose text NOT NULL DEFAULT '',
    path text NOT NULL DEFAULT '',
    request_id uuid,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE audit_change_default PARTITION OF audit_change DEFAULT;
CREATE INDEX audit_change_actor ON audit_change (actor_id, at, id);
CREATE INDEX audit_change_object ON audit_change (subject, key, at, id);
CREATE INDEX audit_change_sectors ON audit_change USING gin (sectors);
CREATE INDEX audit_change_transaction ON audit_change (xid, id);

CREATE TABLE audit_seal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log text NOT NULL CONSTRAINT seal_log_known CHECK (log IN ('reads', 'changes')),
    from_xid bigint NOT NULL,
    to_xid bigint NOT NULL,
    rows bigint NOT NULL,
    digest text NOT NULL,
    previous text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seal_goes_forward CHECK (to_xid > from_xid),
    -- The chain does not fork.
    CONSTRAINT seal_once UNIQUE (log, from_xid)
);
"""

DROP_TABLES = """
DROP TABLE audit_seal; DROP TABLE audit_change; DROP TABLE audit_readentry;
DROP FUNCTION audit_transaction; DROP FUNCTION audit_counter_ahead;
"""

APPEND_ONLY = (
    """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log is only added to: % is refused on %.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_append_only';
END $$;
"""
    + "".join(
        # Partitions inherit the first; the second they are given one by one.
        f"""
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""
        for table in ("audit_readentry", "audit_change", "audit_seal")
    )
    + "".join(
        f"""
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
        for table in (
            "audit_readentry",
            "audit_readentry_default",
            "audit_change",
            "audit_change_default",
            "audit_seal",
        )
    )
)

# Runs as the owner, so that the application's role, which owns nothing, can ask for it.
PARTITIONS = """
CREATE FUNCTION audit_make_partitions(first date DEFAULT current_date, months integer DEFAULT 4) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
SELECT audit_make_partitions();
"""

# Runs as the owner: the application's role cannot write a change that did not happen.
RECORD_CHANGE = """
CREATE FUNCTION audit_part(row_data jsonb, other jsonb, left_out text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(key,
        CASE WHEN key = ANY (left_out) AND value <> 'null' THEN '"(left out)"' ELSE value END)
    FROM jsonb_each(row_data) WHERE other IS NULL OR other -> key IS DISTINCT FROM value
$$;

CREATE FUNCTION audit_record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject constant text := TG_ARGV[0];
    key_column constant text := TG_ARGV[1];
    sector_column constant text := TG_ARGV[2];
    left_out constant text[] := TG_ARGV[3];
    old_row jsonb;
    new_row jsonb;
BEGIN
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
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION audit_refuse CASCADE"),
        migrations.RunSQL(PARTITIONS, "DROP FUNCTION audit_make_partitions"),
        migrations.RunSQL(RECORD_CHANGE, "DROP FUNCTION audit_record_change; DROP FUNCTION audit_part;"),
        # For Django's knowledge alone: it makes no table of a model that it does not manage.
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("xid", models.BigIntegerField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.TextField()),
                ("table_name", models.TextField()),
                ("subject", models.TextField()),
                ("key", models.TextField()),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "operation",
                    models.TextField(
                        choices=[("I", "added"), ("U", "changed"), ("D", "deleted"), ("T", "all deleted")]
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("purpose", models.TextField()),
                ("path", models.TextField()),
                ("request_id", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "entry of the change log",
                "verbose_name_plural": "change log",
                "db_table": "audit_change",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReadEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("xid", models.BigIntegerField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.TextField()),
                (
                    "verb",
                    models.TextField(
                        choices=[
                            ("shown", "shown"),
                            ("listed", "listed"),
                            ("searched", "searched"),
                            ("exported", "exported"),
                            ("downloaded", "downloaded"),
                        ]
                    ),
                ),
                ("subject", models.TextField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("purpose", models.TextField()),
                ("path", models.TextField()),
                ("request_id", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "entry of the read log",
                "verbose_name_plural": "read log",
                "db_table": "audit_readentry",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("log", models.TextField()),
                ("from_xid", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("digest", models.TextField()),
                ("previous", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_seal",
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
