"""Keys and signed lists stay, nothing goes without its proof, an erased party goes out of answers, holds say why."""

import importlib

from django.db import migrations, models

guards = importlib.import_module("sectorlog.migrations.0002_guards")
wordings = importlib.import_module("sectorlog.migrations.0006_wordings_packs_signers")

KEYS = """
CREATE FUNCTION sectorlog_keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD)
        OR TG_OP = 'UPDATE' AND OLD.retired_at IS NULL
            AND to_jsonb(NEW) - 'retired_at' = to_jsonb(OLD) - 'retired_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A key is retired once, nothing else.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sourcekey_stays';
END $$;
CREATE TRIGGER sourcekey_stays BEFORE UPDATE OR DELETE ON sectorlog_sourcekey
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_key();
"""
NO_KEYS = "DROP TRIGGER sourcekey_stays ON sectorlog_sourcekey; DROP FUNCTION sectorlog_keep_key;"

ITEMS = """
CREATE FUNCTION sectorlog_keep_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item CONSTANT sectorlog_handoveritem := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF coalesce(current_setting('sectorlog.erasing', true), '') <> 'on' AND (
        TG_OP = 'UPDATE' AND NEW.handover_id <> OLD.handover_id OR EXISTS (
            SELECT FROM sectorlog_handover WHERE id = item.handover_id AND taker_signed_at IS NOT NULL
        )
    ) THEN
        RAISE EXCEPTION 'What was handed over stays as it was.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'handover_item_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER handover_item_stays BEFORE INSERT OR UPDATE OR DELETE ON sectorlog_handoveritem
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_item();
"""
NO_ITEMS = "DROP TRIGGER handover_item_stays ON sectorlog_handoveritem; DROP FUNCTION sectorlog_keep_item;"

# The proof is written first. What proves is never deleted; an earlier wording forgets the name of an erased party.
ADDED_TO = """
CREATE OR REPLACE FUNCTION sectorlog_added_to_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erasing CONSTANT boolean := coalesce(current_setting('sectorlog.erasing', true), '') = 'on';
BEGIN
    IF erasing AND TG_OP = 'DELETE' AND TG_TABLE_NAME NOT IN ('sectorlog_erasure', 'sectorlog_reviewdecision') THEN
        RETURN OLD;
    ELSIF erasing AND TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'sectorlog_entryrevision'
        AND to_jsonb(NEW) - 'was' = to_jsonb(OLD) - 'was'
        AND to_jsonb(NEW) #- '{was,values}' = to_jsonb(OLD) #- '{was,values}' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'This is added to, it does not change.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
"""
ADDED_TO_BEFORE = guards.ADDED_TO.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

RETENTION_BEFORE = guards.RETENTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
RETENTION = RETENTION_BEFORE.replace(
    "    END IF;\n    RETURN OLD;",
    """    ELSIF NOT EXISTS (
        SELECT FROM sectorlog_erasure WHERE kind = TG_ARGV[0] AND record = OLD.uuid
    ) THEN
        RAISE EXCEPTION 'This record goes with a proof of that only.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN OLD;""",
)

# The party's name goes out of the answers of settled entries too; what else the entry says stays.
CORRECT_BEFORE = wordings.CORRECT.format(keep=wordings.KEEP)
CORRECT = CORRECT_BEFORE.replace(
    "        RETURN NEW;\n    ELSIF",
    """        RETURN NEW;
    ELSIF coalesce(current_setting('sectorlog.erasing', true), '') = 'on'
        AND to_jsonb(NEW) - free - 'values'::text = to_jsonb(OLD) - free - 'values'::text THEN
        RETURN NEW;
    ELSIF""",
    1,
)

# Answers that name a party hold its UUID and its name; a visit in vain holds the UUID of who was looked for.
NAMES = """
CREATE FUNCTION sectorlog_names(answers jsonb, records text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_each(answers) answer
        WHERE answer.value ->> 'uuid' = ANY (records)
            OR answer.key = 'nobody_met' AND answer.value #>> '{}' = ANY (records)
    )
$$;
CREATE FUNCTION sectorlog_without_names(answers jsonb, records text[], word text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(answer.key, CASE
        WHEN answer.value ->> 'uuid' = ANY (records) THEN answer.value || jsonb_build_object('name', word)
        WHEN answer.key = 'nobody_met' AND answer.value #>> '{}' = ANY (records) THEN to_jsonb(''::text)
        ELSE answer.value
    END), '{}') FROM jsonb_each(answers) answer
$$;
"""
NO_NAMES = "DROP FUNCTION sectorlog_without_names; DROP FUNCTION sectorlog_names;"


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0007_briefing_begins_in_our_time")]

    operations = [
        migrations.RunSQL(KEYS, NO_KEYS),
        migrations.RunSQL(ITEMS, NO_ITEMS),
        migrations.RunSQL(ADDED_TO, ADDED_TO_BEFORE),
        migrations.RunSQL(RETENTION, RETENTION_BEFORE),
        migrations.RunSQL(CORRECT, CORRECT_BEFORE),
        migrations.RunSQL(NAMES, NO_NAMES),
        migrations.AddField(
            model_name="hold",
            name="lifted_reason",
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name="lifted because"),
        ),
    ]
