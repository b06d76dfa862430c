"""What the database guards itself: messages stay, words only go, what was published is not rewritten."""

from django.db import migrations

# A message moves to another sector and its answer comes along; what was written, when and where it came in does not
# change. Its words go once, all together, and leave the row.
MESSAGES = """
CREATE FUNCTION contacts_keep_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.uuid, NEW.form_token, NEW.language, NEW.received_at, NEW.warn_at, NEW.due_at, NEW.answer_by)
        IS DISTINCT FROM (OLD.uuid, OLD.form_token, OLD.language, OLD.received_at, OLD.warn_at, OLD.due_at, OLD.answer_by)
        OR NEW.seemed_urgent <> OLD.seemed_urgent
        OR OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at
        OR OLD.answered_at IS NOT NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
        OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
        RAISE EXCEPTION 'How a message came in, and what has become of it, does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'message_keeps_its_words';
    ELSIF NEW.erased_at IS NULL AND (NEW.text, NEW.place, NEW.name, NEW.email, NEW.phone)
        IS DISTINCT FROM (OLD.text, OLD.place, OLD.name, OLD.email, OLD.phone) THEN
        RAISE EXCEPTION 'The words of a message do not change; they are erased.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'message_keeps_its_words';
    ELSIF NEW.sector_id <> OLD.sector_id AND 1 < (
        SELECT count(DISTINCT station_id) FROM sectors_sector WHERE id IN (NEW.sector_id, OLD.sector_id)
    ) THEN
        RAISE EXCEPTION 'A message stays with its station.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'message_stays_with_its_station';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_keeps_its_words BEFORE UPDATE ON contacts_message
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_message();

CREATE FUNCTION contacts_keep_exchange() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.erased_at IS NULL
        OR to_jsonb(NEW) - '{text,erased_at,mail_id}'::text[] <> to_jsonb(OLD) - '{text,erased_at,mail_id}'::text[] THEN
        RAISE EXCEPTION 'What was said does not change; it is erased.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'exchange_keeps_its_words';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exchange_keeps_its_words BEFORE UPDATE ON contacts_exchange
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_exchange();

CREATE FUNCTION contacts_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This stays: it is added to.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER message_stays BEFORE DELETE ON contacts_message
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
CREATE TRIGGER exchange_stays BEFORE DELETE ON contacts_exchange
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
CREATE TRIGGER messageevent_stays BEFORE UPDATE OR DELETE ON contacts_messageevent
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
CREATE TRIGGER printrun_stays BEFORE UPDATE OR DELETE ON contacts_printrun
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
"""
NO_MESSAGES = """
DROP TRIGGER printrun_stays ON contacts_printrun;
DROP TRIGGER messageevent_stays ON contacts_messageevent;
DROP TRIGGER exchange_stays ON contacts_exchange;
DROP TRIGGER message_stays ON contacts_message;
DROP FUNCTION contacts_stays;
DROP TRIGGER exchange_keeps_its_words ON contacts_exchange;
DROP FUNCTION contacts_keep_exchange;
DROP TRIGGER message_keeps_its_words ON contacts_message;
DROP FUNCTION contacts_keep_message;
"""

# What the public has read is not rewritten. The arguments are the columns that may change all the same.
PUBLISHED = """
CREATE FUNCTION contacts_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{state,withdrawn_at,sent_back_because}'::text[] || TG_ARGV::text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'What was published stays; it is taken back.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
        END IF;
        RETURN OLD;
    ELSIF OLD.published_at IS NOT NULL AND (
        to_jsonb(NEW) - free <> to_jsonb(OLD) - free
        OR NEW.state NOT IN ('published', 'withdrawn') OR OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'
    ) THEN
        RAISE EXCEPTION 'What was published does not change; take it back and write another.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_published_stays BEFORE UPDATE OR DELETE ON contacts_notice
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_published('shown_until');
CREATE TRIGGER event_published_stays BEFORE UPDATE OR DELETE ON contacts_event
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_published(
        'cancelled_at', 'briefing', 'is_major', 'required_presence'
    );
"""
EVENT_SECTORS = """
CREATE FUNCTION contacts_event_in_own_sectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT station_id FROM contacts_event WHERE id = NEW.event_id)
        <> (SELECT station_id FROM sectors_sector WHERE id = NEW.sector_id) THEN
        RAISE EXCEPTION 'An event takes place in sectors of its own station.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_in_own_sectors';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_in_own_sectors BEFORE INSERT OR UPDATE ON contacts_event_sectors
    FOR EACH ROW EXECUTE FUNCTION contacts_event_in_own_sectors();
"""
NO_EVENT_SECTORS = """
DROP TRIGGER event_in_own_sectors ON contacts_event_sectors;
DROP FUNCTION contacts_event_in_own_sectors;
"""
NO_PUBLISHED = """
DROP TRIGGER event_published_stays ON contacts_event;
DROP TRIGGER notice_published_stays ON contacts_notice;
DROP FUNCTION contacts_keep_published;
"""


def raise_version(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER raise_register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sectors_raise_register_version('contacts')",
        f"DROP TRIGGER raise_register_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_models"), ("sectors", "0006_contacts_in_the_register")]

    operations = [
        migrations.RunSQL(MESSAGES, NO_MESSAGES),
        migrations.RunSQL(PUBLISHED, NO_PUBLISHED),
        migrations.RunSQL(EVENT_SECTORS, NO_EVENT_SECTORS),
        raise_version("contacts_contacthours"),
        raise_version("contacts_notice"),
        raise_version("contacts_event"),
        raise_version("contacts_event_sectors"),
        raise_version("contacts_answertime"),
    ]
