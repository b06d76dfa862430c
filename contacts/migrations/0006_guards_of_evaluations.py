"""What was answered stays as it was given, in its own station; its tables keep no log, whose times would tell who."""

from django.db import migrations

from audit.triggers import watch

ANSWERS = """
CREATE TRIGGER evaluation_stays BEFORE UPDATE OR DELETE ON contacts_evaluation
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();
CREATE TRIGGER surveyanswer_stays BEFORE UPDATE OR DELETE ON contacts_surveyanswer
    FOR EACH ROW EXECUTE FUNCTION contacts_stays();

CREATE FUNCTION contacts_answer_in_own_station() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT station_id FROM contacts_surveyround WHERE id = NEW.round_id)
        <> (SELECT station_id FROM sectors_sector WHERE id = NEW.sector_id) THEN
        RAISE EXCEPTION 'A survey is answered in the sectors of its own station.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'surveyanswer_in_own_station';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER surveyanswer_in_own_station BEFORE INSERT ON contacts_surveyanswer
    FOR EACH ROW EXECUTE FUNCTION contacts_answer_in_own_station();
"""
NO_ANSWERS = """
DROP TRIGGER surveyanswer_in_own_station ON contacts_surveyanswer;
DROP FUNCTION contacts_answer_in_own_station;
DROP TRIGGER surveyanswer_stays ON contacts_surveyanswer;
DROP TRIGGER evaluation_stays ON contacts_evaluation;
"""

# Whoever answered on a first day answered in that round: only its end and its name may move.
ROUNDS = """
CREATE FUNCTION contacts_keep_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.uuid, NEW.station_id) IS DISTINCT FROM (OLD.uuid, OLD.station_id)
        OR NEW.opens_on <> OLD.opens_on
            AND EXISTS (SELECT FROM contacts_surveyanswer WHERE round_id = OLD.id) THEN
        RAISE EXCEPTION 'A round that was answered keeps its station and its first day.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'surveyround_keeps_its_beginning';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER surveyround_keeps_its_beginning BEFORE UPDATE ON contacts_surveyround
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_round();
"""
NO_ROUNDS = """
DROP TRIGGER surveyround_keeps_its_beginning ON contacts_surveyround;
DROP FUNCTION contacts_keep_round;
"""

MESSAGES = """
CREATE FUNCTION contacts_evaluate_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.was_evaluated AND NOT NEW.was_evaluated
        OR NEW.was_evaluated AND NOT OLD.was_evaluated AND NEW.closed_at IS NULL THEN
        RAISE EXCEPTION 'A message is evaluated once, after it was closed.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'message_evaluated_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_evaluated_once BEFORE UPDATE OF was_evaluated ON contacts_message
    FOR EACH ROW EXECUTE FUNCTION contacts_evaluate_once();
"""
NO_MESSAGES = """
DROP TRIGGER message_evaluated_once ON contacts_message;
DROP FUNCTION contacts_evaluate_once;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_evaluations")]

    operations = [
        migrations.RunSQL(ANSWERS, NO_ANSWERS),
        migrations.RunSQL(ROUNDS, NO_ROUNDS),
        migrations.RunSQL(MESSAGES, NO_MESSAGES),
        watch("contacts_surveyround", subject="contacts.surveyround"),
    ]
