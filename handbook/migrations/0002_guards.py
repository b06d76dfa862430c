"""What the database guards itself: fixed ground, texts that readers have had, what officers wrote."""

from django.db import migrations

# A fixed chapter comes into force by two people: who wrote it, and a station head who agreed.
CHAPTERS = """
CREATE FUNCTION handbook_keep_chapter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A chapter stays; it is left out.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'chapter_stays';
    ELSIF (NEW.station_id, NEW.slug, NEW.kind) IS DISTINCT FROM (OLD.station_id, OLD.slug, OLD.kind)
        OR OLD.kind = 'fixed' AND NEW.position <> OLD.position THEN
        RAISE EXCEPTION 'A chapter keeps its address and its kind, a fixed one its place.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'chapter_keeps_its_kind';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chapter_keeps_its_kind BEFORE UPDATE OR DELETE ON handbook_chapter
    FOR EACH ROW EXECUTE FUNCTION handbook_keep_chapter();

CREATE FUNCTION handbook_keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{state,replaced_at}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'What was in force stays.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'revision_published_stays';
        END IF;
        RETURN OLD;
    ELSIF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL AND (
        to_jsonb(NEW) - free <> to_jsonb(OLD) - free OR OLD.state = 'replaced'
    ) THEN
        RAISE EXCEPTION 'What was in force does not change; the next revision replaces it.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'revision_published_stays';
    ELSIF NEW.state = 'in_force' AND (NEW.agreed_by_id IS NULL OR NEW.agreed_by_id = NEW.written_by_id)
        AND (SELECT kind FROM handbook_chapter WHERE id = NEW.chapter_id) = 'fixed' THEN
        RAISE EXCEPTION 'A fixed chapter changes by editor and station head together.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'revision_fixed_needs_both';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_published_stays BEFORE INSERT OR UPDATE OR DELETE ON handbook_revision
    FOR EACH ROW EXECUTE FUNCTION handbook_keep_revision();

CREATE FUNCTION handbook_passage_at_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.station_id, NEW.anchor) IS DISTINCT FROM (OLD.station_id, OLD.anchor)
        OR NEW.station_id <> (SELECT station_id FROM handbook_chapter WHERE id = NEW.chapter_id) THEN
        RAISE EXCEPTION 'A passage keeps its anchor and its handbook.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'passage_keeps_its_anchor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passage_keeps_its_anchor BEFORE INSERT OR UPDATE ON handbook_passage
    FOR EACH ROW EXECUTE FUNCTION handbook_passage_at_home();
"""
NO_CHAPTERS = """
DROP TRIGGER passage_keeps_its_anchor ON handbook_passage;
DROP FUNCTION handbook_passage_at_home;
DROP TRIGGER revision_published_stays ON handbook_revision;
DROP FUNCTION handbook_keep_revision;
DROP TRIGGER chapter_keeps_its_kind ON handbook_chapter;
DROP FUNCTION handbook_keep_chapter;
"""

CONTRIBUTIONS = """
CREATE FUNCTION handbook_keep_contribution() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- The words of what is withdrawn are erased, which "contribution_says_something" demands.
    free CONSTANT text[] := CASE NEW.state WHEN 'withdrawn' THEN '{state,is_asked,decided_at,text}'
        ELSE '{state,is_asked,decided_at,passage_id}' END;
    home CONSTANT bigint := (SELECT station_id FROM handbook_passage WHERE id = NEW.passage_id);
BEGIN
    IF NEW.sector_id IS NOT NULL AND home <> (SELECT station_id FROM sectors_sector WHERE id = NEW.sector_id) THEN
        RAISE EXCEPTION 'The sector of a contribution belongs to the handbook''s station.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contribution_sector_of_the_station';
    ELSIF NEW.state = 'inserted' AND 'fixed' = (
        SELECT handbook_chapter.kind FROM handbook_chapter
        JOIN handbook_passage ON handbook_passage.chapter_id = handbook_chapter.id WHERE handbook_passage.id = NEW.passage_id
    ) THEN
        RAISE EXCEPTION 'A fixed chapter does not grow by contributions.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contribution_in_growing_chapters';
    ELSIF TG_OP = 'INSERT' THEN
        RETURN NEW;
    ELSIF to_jsonb(NEW) - free <> to_jsonb(OLD) - free
        OR home <> (SELECT station_id FROM handbook_passage WHERE id = OLD.passage_id) THEN
        RAISE EXCEPTION 'What an officer contributed does not change.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contribution_keeps_its_words';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('submitted', 'under_review'), ('submitted', 'inserted'), ('submitted', 'declined'), ('submitted', 'withdrawn'),
        ('under_review', 'inserted'), ('under_review', 'declined'), ('under_review', 'withdrawn'),
        ('inserted', 'taken_out')
    ) THEN
        RAISE EXCEPTION 'This contribution has been decided on.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contribution_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_keeps_its_words BEFORE INSERT OR UPDATE ON handbook_contribution
    FOR EACH ROW EXECUTE FUNCTION handbook_keep_contribution();

CREATE FUNCTION handbook_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This stays: it is added to.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER contribution_stays BEFORE DELETE ON handbook_contribution
    FOR EACH ROW EXECUTE FUNCTION handbook_stays();
CREATE FUNCTION handbook_keep_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.text = '' AND NEW.kind IN ('asked', 'answered') THEN
            RAISE EXCEPTION 'A question and an answer have words.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'contributionstep_has_words';
        END IF;
    -- What was asked and answered is erased with the words that it was about.
    ELSIF TG_OP = 'DELETE' OR NEW.text <> '' OR to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text'
        OR (SELECT state FROM handbook_contribution WHERE id = NEW.contribution_id) <> 'withdrawn' THEN
        RAISE EXCEPTION 'This stays: it is added to.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contributionstep_stays BEFORE INSERT OR UPDATE OR DELETE ON handbook_contributionstep
    FOR EACH ROW EXECUTE FUNCTION handbook_keep_step();
CREATE TRIGGER wording_stays BEFORE UPDATE OR DELETE ON handbook_wording
    FOR EACH ROW EXECUTE FUNCTION handbook_stays();
CREATE TRIGGER confirmation_stays BEFORE UPDATE OR DELETE ON handbook_confirmation
    FOR EACH ROW EXECUTE FUNCTION handbook_stays();
"""
NO_CONTRIBUTIONS = """
DROP TRIGGER confirmation_stays ON handbook_confirmation;
DROP TRIGGER wording_stays ON handbook_wording;
DROP TRIGGER contributionstep_stays ON handbook_contributionstep;
DROP FUNCTION handbook_keep_step;
DROP TRIGGER contribution_stays ON handbook_contribution;
DROP FUNCTION handbook_stays;
DROP TRIGGER contribution_keeps_its_words ON handbook_contribution;
DROP FUNCTION handbook_keep_contribution;
"""


class Migration(migrations.Migration):
    dependencies = [("handbook", "0001_models")]

    operations = [
        migrations.RunSQL(CHAPTERS, NO_CHAPTERS),
        migrations.RunSQL(CONTRIBUTIONS, NO_CONTRIBUTIONS),
    ]
