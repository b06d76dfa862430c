"""What the database guards itself: entries are corrected for a day, kept wordings, drafts that became forms, reviews."""

from django.db import migrations

# What may change of an entry at any time: what comes of it, who else reads it, how long it is kept, what search
# makes of it. Everything else for 24 hours, and what it was is kept.
CORRECTIONS = """
CREATE FUNCTION sectorlog_correct_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{follow_up_done_at,follow_up_done_by_id,flagged_for_id,effort_id,review_on,search}';
BEGIN
    IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    ELSIF (NEW.uuid, NEW.sector_id, NEW.author_id, NEW.form_version_id, NEW.written_at)
        <> (OLD.uuid, OLD.sector_id, OLD.author_id, OLD.form_version_id, OLD.written_at) THEN
        RAISE EXCEPTION 'An entry keeps its sector, its author, its form and when it was written.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_keeps_its_origin';
    ELSIF OLD.written_at < now() - interval '24 hours' THEN
        RAISE EXCEPTION 'An entry is corrected for 24 hours; later there are addenda.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
    END IF;
    INSERT INTO sectorlog_entryrevision (entry_id, replaced_at, was)
    VALUES (OLD.id, clock_timestamp(), to_jsonb(OLD) - 'search');
    IF NEW.happened_at <> OLD.happened_at THEN
        UPDATE sectorlog_entrygroup SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
        UPDATE sectorlog_entryparty SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
        UPDATE sectorlog_entrychallenge SET happened_at = NEW.happened_at WHERE entry_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_settled BEFORE UPDATE ON sectorlog_logentry
    FOR EACH ROW EXECUTE FUNCTION sectorlog_correct_entry();
"""
NO_CORRECTIONS = """
DROP TRIGGER entry_is_settled ON sectorlog_logentry;
DROP FUNCTION sectorlog_correct_entry;
"""

# What an entry is about settles with it. A party that is merged into another takes its entries along; what is
# erased goes with its entry or party; a log that is brought along from elsewhere brings its own times.
LINKS = """
CREATE FUNCTION sectorlog_link_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry sectorlog_logentry;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT * INTO entry FROM sectorlog_logentry WHERE id = OLD.entry_id;
        IF entry.written_at < now() - interval '24 hours'
            AND coalesce(current_setting('sectorlog.erasing', true), '') <> 'on' THEN
            RAISE EXCEPTION 'An entry is corrected for 24 hours; later there are addenda.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
        END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO entry FROM sectorlog_logentry WHERE id = NEW.entry_id;
    IF TG_OP = 'INSERT' THEN
        IF entry.written_at < now() - interval '24 hours'
            AND coalesce(current_setting('sectorlog.importing', true), '') <> 'on' THEN
            RAISE EXCEPTION 'An entry is corrected for 24 hours; later there are addenda.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
        END IF;
        NEW.sector_id := entry.sector_id;
        NEW.happened_at := entry.happened_at;
    ELSIF NEW.entry_id <> OLD.entry_id THEN
        RAISE EXCEPTION 'A link stays with its entry.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_settled';
    END IF;
    RETURN NEW;
END $$;
"""
LINK = """
CREATE TRIGGER entry_is_settled BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION sectorlog_link_entry();
"""

# Rows that are added to and never changed, and go only with what they hang on, when that is erased.
ADDED_TO = """
CREATE FUNCTION sectorlog_added_to_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('sectorlog.erasing', true), '') = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'This is added to, it does not change.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
"""

FORMS = """
CREATE FUNCTION sectorlog_keep_published_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'A published form stays as it is; write a new version.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'formversion_published_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER formversion_published_stays BEFORE UPDATE OR DELETE ON sectorlog_formversion
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_published_form();
"""

# A record about people is deleted on its review date at the earliest, and not while it is on hold. The site's
# midnight is an hour or two before the database's: hence tomorrow.
RETENTION = """
CREATE FUNCTION sectorlog_keep_until_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.review_on > current_date + 1 THEN
        RAISE EXCEPTION 'This record is kept until %.', OLD.review_on
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    ELSIF EXISTS (
        SELECT FROM sectorlog_hold WHERE kind = TG_ARGV[0] AND record = OLD.uuid AND lifted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'This record is on hold.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN OLD;
END $$;
"""
KEPT = """
CREATE TRIGGER {kind}_is_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_until_reviewed('{kind}');
"""

HANDOVERS = """
CREATE FUNCTION sectorlog_keep_pack() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER handover_pack_stays BEFORE UPDATE ON sectorlog_handover
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_pack();
"""

REFERRALS = """
CREATE FUNCTION sectorlog_keep_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.erased_at IS NOT NULL
        OR (NEW.uuid, NEW.district_id, NEW.key_id, NEW.received_at)
            <> (OLD.uuid, OLD.district_id, OLD.key_id, OLD.received_at)
        OR NEW.sealed <> OLD.sealed AND NEW.sealed <> '' THEN
        RAISE EXCEPTION 'A referral is handed over and erased, nothing else.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sourcereferral_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sourcereferral_stays BEFORE UPDATE OR DELETE ON sectorlog_sourcereferral
    FOR EACH ROW EXECUTE FUNCTION sectorlog_keep_referral();
"""

LINK_TABLES = ("sectorlog_entrygroup", "sectorlog_entryparty", "sectorlog_entrychallenge")
ADDED_TO_TABLES = (
    "sectorlog_groupstatus",
    "sectorlog_progressnote",
    "sectorlog_addendum",
    "sectorlog_entryrevision",
    "sectorlog_reviewdecision",
    "sectorlog_erasure",
)
REVIEWED_TABLES = {
    "entry": "sectorlog_logentry",
    "party": "sectorlog_party",
    "contact": "sectorlog_contactperson",
    "challenge": "sectorlog_challenge",
    "handover": "sectorlog_handover",
}


def trigger(create: str, *tables: str, name: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(create.format(table=table), f"DROP TRIGGER {name} ON {table}") for table in tables
    ]


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0001_models")]

    operations = [
        migrations.RunSQL(CORRECTIONS, NO_CORRECTIONS),
        migrations.RunSQL(LINKS, "DROP FUNCTION sectorlog_link_entry"),
        *trigger(LINK, *LINK_TABLES, name="entry_is_settled"),
        migrations.RunSQL(ADDED_TO, "DROP FUNCTION sectorlog_added_to_only"),
        *trigger(
            "CREATE TRIGGER is_added_to_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION sectorlog_added_to_only()",
            *ADDED_TO_TABLES,
            name="is_added_to_only",
        ),
        migrations.RunSQL(
            FORMS,
            "DROP TRIGGER formversion_published_stays ON sectorlog_formversion;"
            "DROP FUNCTION sectorlog_keep_published_form;",
        ),
        migrations.RunSQL(RETENTION, "DROP FUNCTION sectorlog_keep_until_reviewed"),
        *[
            migrations.RunSQL(KEPT.format(kind=kind, table=table), f"DROP TRIGGER {kind}_is_kept ON {table}")
            for kind, table in REVIEWED_TABLES.items()
        ],
        migrations.RunSQL(
            HANDOVERS,
            "DROP TRIGGER handover_pack_stays ON sectorlog_handover; DROP FUNCTION sectorlog_keep_pack;",
        ),
        migrations.RunSQL(
            REFERRALS,
            "DROP TRIGGER sourcereferral_stays ON sectorlog_sourcereferral;"
            "DROP FUNCTION sectorlog_keep_referral;",
        ),
    ]
