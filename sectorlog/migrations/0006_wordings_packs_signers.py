"""An earlier wording names what the entry was about; a pack forgets what is erased; a hand-over names who signed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Twice in a row the same wording says nothing more: the act that corrects keeps it before it changes links, and
# the entry's own row may change after that. Groups are never deleted; of parties and challenges, which are erased on
# days of their own, nothing is kept here but which they were.
WORDINGS = """
CREATE FUNCTION sectorlog_keep_wording(entry sectorlog_logentry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wording CONSTANT jsonb := to_jsonb(entry) - 'search' || jsonb_build_object(
        'groups', coalesce((
            SELECT jsonb_agg(group_id ORDER BY group_id) FROM sectorlog_entrygroup WHERE entry_id = entry.id
        ), '[]'),
        'parties', coalesce((
            SELECT jsonb_agg(party.uuid ORDER BY party.id)
            FROM sectorlog_entryparty link JOIN sectorlog_party party ON party.id = link.party_id
            WHERE link.entry_id = entry.id
        ), '[]'),
        'challenges', coalesce((
            SELECT jsonb_agg(challenge.uuid ORDER BY challenge.id)
            FROM sectorlog_entrychallenge link JOIN sectorlog_challenge challenge ON challenge.id = link.challenge_id
            WHERE link.entry_id = entry.id
        ), '[]'));
BEGIN
    IF entry.written_at < now() - interval '24 hours' THEN
        RAISE EXCEPTION 'An entry is corrected for 24 hours; later there are addenda.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
    END IF;
    IF wording IS DISTINCT FROM (
        SELECT was FROM sectorlog_entryrevision WHERE entry_id = entry.id ORDER BY id DESC LIMIT 1
    ) THEN
        INSERT INTO sectorlog_entryrevision (entry_id, replaced_at, was)
        VALUES (entry.id, clock_timestamp(), wording);
    END IF;
END $$;
"""
CORRECT = """
CREATE OR REPLACE FUNCTION sectorlog_correct_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{{follow_up_done_at,follow_up_done_by_id,flagged_for_id,effort_id,review_on,search}}';
BEGIN
    IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    ELSIF (NEW.uuid, NEW.sector_id, NEW.author_id, NEW.form_version_id, NEW.written_at)
        <> (OLD.uuid, OLD.sector_id, OLD.author_id, OLD.form_version_id, OLD.written_at) THEN
        RAISE EXCEPTION 'An entry keeps its sector, its author, its form and when it was written.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_keeps_its_origin';
    END IF;
    {keep}
    IF NEW.happened_at <> OLD.happened_at THEN
        UPDATE sectorlog_entrygroup SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
        UPDATE sectorlog_entryparty SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
        UPDATE sectorlog_entrychallenge SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
"""
KEEP = "PERFORM sectorlog_keep_wording(OLD);"
KEPT_BEFORE = """
    IF OLD.written_at < now() - interval '24 hours' THEN
        RAISE EXCEPTION 'An entry is corrected for 24 hours; later there are addenda.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
    END IF;
    INSERT INTO sectorlog_entryrevision (entry_id, replaced_at, was)
    VALUES (OLD.id, clock_timestamp(), to_jsonb(OLD) - 'search');
"""

# By the log of changes: who made the change by which a giver's signature stands.
SIGNERS = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sectorlog_handover DISABLE TRIGGER handover_pack_stays;
UPDATE sectorlog_handover handover SET giver_signed_by_id = change.actor_id
FROM audit_change change JOIN officers_user account ON account.id = change.actor_id
WHERE handover.giver_signed_at IS NOT NULL AND change.subject = 'sectorlog.handover'
    AND change.key = handover.id::text AND change.operation = 'U' AND change.after ? 'giver_signed_at';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sectorlog_handover ENABLE TRIGGER handover_pack_stays;
"""

# A pack changes only while what it tells of is erased; a signature is set once, the giver's with who signed.
PACKS = """
CREATE OR REPLACE FUNCTION sectorlog_keep_pack() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{review_on,giver_signed_at,giver_signed_by_id,taker_signed_at}';
BEGIN
    IF coalesce(current_setting('sectorlog.erasing', true), '') = 'on' THEN
        free := free || 'pack'::text;
    END IF;
    IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free
        OR OLD.giver_signed_at IS NOT NULL
            AND (NEW.giver_signed_at, NEW.giver_signed_by_id)
                IS DISTINCT FROM (OLD.giver_signed_at, OLD.giver_signed_by_id)
        OR OLD.taker_signed_at IS NOT NULL AND NEW.taker_signed_at IS DISTINCT FROM OLD.taker_signed_at THEN
        RAISE EXCEPTION 'What was handed over stays as it was.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'handover_pack_stays';
    END IF;
    RETURN NEW;
END $$;
"""
PACKS_BEFORE = """
CREATE OR REPLACE FUNCTION sectorlog_keep_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{review_on,giver_signed_at,taker_signed_at}'::text[]
        <> to_jsonb(OLD) - '{review_on,giver_signed_at,taker_signed_at}'::text[]
        OR OLD.giver_signed_at IS NOT NULL AND NEW.giver_signed_at IS DISTINCT FROM OLD.giver_signed_at
        OR OLD.taker_signed_at IS NOT NULL AND NEW.taker_signed_at IS DISTINCT FROM OLD.taker_signed_at THEN
        RAISE EXCEPTION 'What was handed over stays as it was.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'handover_pack_stays';
    END IF;
    RETURN NEW;
END $$;
"""

# Whether a pack holds something of one of these records: `uuid` names a record, `entry` the one a row is part of.
TELLS = """
CREATE FUNCTION sectorlog_pack_tells(pack jsonb, records text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_path_query(pack, 'strict $.** ? (@.type() == "object")') one
        WHERE one ->> 'uuid' = ANY (records) OR one ->> 'entry' = ANY (records)
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sectorlog", "0005_search"),
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(WORDINGS, "DROP FUNCTION sectorlog_keep_wording"),
        migrations.RunSQL(CORRECT.format(keep=KEEP), CORRECT.format(keep=KEPT_BEFORE)),
        migrations.AddField(
            model_name="handover",
            name="giver_signed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="signed for the giver by",
            ),
        ),
        migrations.RunSQL(SIGNERS, migrations.RunSQL.noop),
        migrations.RunSQL(PACKS, PACKS_BEFORE),
        migrations.RunSQL(TELLS, "DROP FUNCTION sectorlog_pack_tells"),
    ]
