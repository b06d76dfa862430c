"""The log of changes keeps no instant at which a message was evaluated: beside the figures it could tell by whom."""

from django.db import migrations

CALL = """EXECUTE FUNCTION
    audit_record_change('contacts.message', 'id', 'sector_id', '{form_token,text,place,name,email,phone}')"""

# A condition on old and new row serves updates alone, so the other two have a trigger of their own.
WITHOUT_EVALUATED = f"""
DROP TRIGGER audit_record_change ON contacts_message;
CREATE TRIGGER audit_record_change AFTER UPDATE ON contacts_message FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'was_evaluated' IS DISTINCT FROM to_jsonb(NEW) - 'was_evaluated') {CALL};
CREATE TRIGGER audit_record_come_and_gone AFTER INSERT OR DELETE ON contacts_message FOR EACH ROW {CALL};
"""
WITH_EVALUATED = f"""
DROP TRIGGER audit_record_come_and_gone ON contacts_message;
DROP TRIGGER audit_record_change ON contacts_message;
CREATE TRIGGER audit_record_change AFTER INSERT OR UPDATE OR DELETE ON contacts_message FOR EACH ROW {CALL};
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_surveys_on_sector_pages"), ("audit", "0001_initial")]

    operations = [migrations.RunSQL(WITHOUT_EVALUATED, WITH_EVALUATED)]
