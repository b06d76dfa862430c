"""What an entry is found by: one row of words and marks beside each entry, kept by the database.

`document` holds the words of the text, the place, the answers and the addenda as they stand and as Danish and English
stems, and a mark for each thing that the time line can be narrowed to: "form 3", "author 12", "sector 5",
"sector 5 w2953". No word of a text has a blank in it, so none is taken for a mark. One index answers any of them
together. The spans of time, of 7, 28 and 364 days since 1970, let a search look at the newest first.

The row is no part of the entry: what changes here is no change of the entry, and the log of changes tells of that one.
"""

from django.db import migrations

TABLE = """
CREATE TABLE sectorlog_entrysearch (
    entry_id bigint PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    document tsvector NOT NULL
);
-- Without a list of what is pending: every search would have to read through it.
CREATE INDEX entrysearch_document ON sectorlog_entrysearch USING gin (document) WITH (fastupdate = off);
"""

# The Danish stemmer takes "cykler" to "cykl" and leaves "cykel" as it is: the vowel is dropped before it looks.
# A tsvector holds a megabyte; of what has more, the beginning is found, as it is written.
WORDS = r"""
CREATE FUNCTION sectorlog_danish(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(words, '([bdfgkpst])el\M', '\1l', 'gi')
$$;
CREATE FUNCTION sectorlog_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN to_tsvector('simple', words) || to_tsvector('danish', sectorlog_danish(words))
        || to_tsvector('english', words);
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN to_tsvector('simple', left(words, 20000));
END $$;
CREATE FUNCTION sectorlog_together(one tsvector, other tsvector) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN one || other;
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN one;
END $$;
"""
NO_WORDS = """
DROP FUNCTION sectorlog_together;
DROP FUNCTION sectorlog_words;
DROP FUNCTION sectorlog_danish;
"""

# Cells of about 250 metres, and of five times as much. `sectorlog.entries.filters` counts in the same way.
MARKS = """
CREATE FUNCTION sectorlog_spans(area text, instant timestamptz) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        area,
        area || ' w' || floor(extract(epoch FROM instant) / 604800),
        area || ' m' || floor(extract(epoch FROM instant) / 2419200),
        area || ' y' || floor(extract(epoch FROM instant) / 31449600)
    ]
$$;
CREATE FUNCTION sectorlog_marks(entry sectorlog_logentry) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(
        sectorlog_spans('sector ' || entry.sector_id, entry.happened_at)
        || sectorlog_spans('station ' || (SELECT station_id FROM sectors_sector WHERE id = entry.sector_id),
            entry.happened_at)
        || ARRAY[
            'author ' || entry.author_id,
            'form ' || (SELECT template_id FROM sectorlog_formversion WHERE id = entry.form_version_id),
            'outcome ' || nullif(entry.outcome, ''),
            'flagged ' || (entry.flagged_for_id IS NOT NULL),
            CASE WHEN entry.follow_up_on IS NOT NULL THEN 'follow-up ' || (entry.follow_up_done_at IS NULL) END,
            'cell ' || floor(ST_X(entry.place) / 0.004) || ' ' || floor(ST_Y(entry.place) / 0.0025),
            'area ' || floor(ST_X(entry.place) / 0.02) || ' ' || floor(ST_Y(entry.place) / 0.0125)
        ]
        || ARRAY(SELECT 'group ' || group_id FROM sectorlog_entrygroup WHERE entry_id = entry.id)
        || ARRAY(SELECT 'party ' || party_id FROM sectorlog_entryparty WHERE entry_id = entry.id)
        || ARRAY(SELECT 'challenge ' || challenge_id FROM sectorlog_entrychallenge WHERE entry_id = entry.id),
        NULL)
$$;
"""
NO_MARKS = """
DROP FUNCTION sectorlog_marks;
DROP FUNCTION sectorlog_spans;
"""

# The answers are those in words: what was typed, and the names of what was chosen.
DOCUMENT = """
CREATE FUNCTION sectorlog_document(entry sectorlog_logentry) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT sectorlog_together(
        array_to_tsvector(sectorlog_marks(entry)),
        sectorlog_together(
            sectorlog_together(
                setweight(sectorlog_words(entry.text), 'A'),
                setweight(sectorlog_words(entry.place_text || ' ' || coalesce((
                    SELECT string_agg(answer #>> '{}', ' ')
                    FROM jsonb_path_query(entry.values, 'strict $.** ? (@.type() == "string")') answer
                ), '')), 'B')
            ),
            setweight(sectorlog_words(coalesce((
                SELECT string_agg(text, ' ' ORDER BY at) FROM sectorlog_addendum WHERE entry_id = entry.id
            ), '')), 'C')
        )
    )
$$;
"""

# What is linked or added later changes the row as it stands by then: two at once lose nothing of each other.
KEEPING = """
CREATE FUNCTION sectorlog_index_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sectorlog_entrysearch VALUES (NEW.id, NEW.happened_at, sectorlog_document(NEW))
    ON CONFLICT (entry_id) DO UPDATE SET happened_at = excluded.happened_at, document = excluded.document;
    RETURN NULL;
END $$;
CREATE FUNCTION sectorlog_index_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT text := TG_ARGV[0];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE sectorlog_entrysearch
        SET document = ts_delete(document, kind || ' ' || (to_jsonb(OLD) ->> (kind || '_id')))
        WHERE entry_id = OLD.entry_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE sectorlog_entrysearch
        SET document = sectorlog_together(
            document, array_to_tsvector(ARRAY[kind || ' ' || (to_jsonb(NEW) ->> (kind || '_id'))]))
        WHERE entry_id = NEW.entry_id;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION sectorlog_index_addendum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sectorlog_entrysearch
    SET document = sectorlog_together(document, setweight(sectorlog_words(NEW.text), 'C'))
    WHERE entry_id = NEW.entry_id;
    RETURN NULL;
END $$;
CREATE FUNCTION sectorlog_forget_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE sectorlog_entrysearch;
    ELSE
        DELETE FROM sectorlog_entrysearch WHERE entry_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_is_found AFTER INSERT ON sectorlog_logentry
    FOR EACH ROW EXECUTE FUNCTION sectorlog_index_entry();
CREATE TRIGGER entry_is_found_anew AFTER UPDATE ON sectorlog_logentry
    FOR EACH ROW WHEN (
        (OLD.text, OLD.values, OLD.place_text, OLD.happened_at, OLD.outcome, OLD.flagged_for_id, OLD.follow_up_on,
            OLD.follow_up_done_at, OLD.author_id, OLD.sector_id, OLD.form_version_id, ST_AsEWKB(OLD.place))
        IS DISTINCT FROM
        (NEW.text, NEW.values, NEW.place_text, NEW.happened_at, NEW.outcome, NEW.flagged_for_id, NEW.follow_up_on,
            NEW.follow_up_done_at, NEW.author_id, NEW.sector_id, NEW.form_version_id, ST_AsEWKB(NEW.place))
    ) EXECUTE FUNCTION sectorlog_index_entry();
CREATE TRIGGER entry_is_forgotten AFTER DELETE ON sectorlog_logentry
    FOR EACH ROW EXECUTE FUNCTION sectorlog_forget_entry();
CREATE TRIGGER entries_are_forgotten AFTER TRUNCATE ON sectorlog_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION sectorlog_forget_entry();
CREATE TRIGGER entry_is_found AFTER INSERT ON sectorlog_addendum
    FOR EACH ROW EXECUTE FUNCTION sectorlog_index_addendum();
CREATE TRIGGER entry_is_found AFTER INSERT OR UPDATE OR DELETE ON sectorlog_entrygroup
    FOR EACH ROW EXECUTE FUNCTION sectorlog_index_link('group');
CREATE TRIGGER entry_is_found AFTER INSERT OR UPDATE OR DELETE ON sectorlog_entryparty
    FOR EACH ROW EXECUTE FUNCTION sectorlog_index_link('party');
CREATE TRIGGER entry_is_found AFTER INSERT OR UPDATE OR DELETE ON sectorlog_entrychallenge
    FOR EACH ROW EXECUTE FUNCTION sectorlog_index_link('challenge');
"""
NOT_KEEPING = """
DROP TRIGGER entry_is_found ON sectorlog_entrychallenge;
DROP TRIGGER entry_is_found ON sectorlog_entryparty;
DROP TRIGGER entry_is_found ON sectorlog_entrygroup;
DROP TRIGGER entry_is_found ON sectorlog_addendum;
DROP TRIGGER entries_are_forgotten ON sectorlog_logentry;
DROP TRIGGER entry_is_forgotten ON sectorlog_logentry;
DROP TRIGGER entry_is_found_anew ON sectorlog_logentry;
DROP TRIGGER entry_is_found ON sectorlog_logentry;
DROP FUNCTION sectorlog_forget_entry;
DROP FUNCTION sectorlog_index_addendum;
DROP FUNCTION sectorlog_index_link;
DROP FUNCTION sectorlog_index_entry;
"""
PRESENT = """
INSERT INTO sectorlog_entrysearch
SELECT entry.id, entry.happened_at, sectorlog_document(entry) FROM sectorlog_logentry entry
"""


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0004_first_set")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE sectorlog_entrysearch"),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(MARKS, NO_MARKS),
        migrations.RunSQL(DOCUMENT, "DROP FUNCTION sectorlog_document"),
        migrations.RunSQL(KEEPING, NOT_KEEPING),
        migrations.RunSQL(PRESENT, migrations.RunSQL.noop),
    ]
