"""Every change stands in the log of changes: that it was, by whom and when; without what citizens and partners are."""

from django.db import migrations

from audit.triggers import watch

MESSAGE = ("form_token", "text", "place", "name", "email", "phone")
EXCHANGE = ("form_token", "text", "mail_id")
# Drafts are read by nobody but their authors and heads; what was published stands in the row itself.
NOTICE = ("title_en", "title_da", "said_en", "said_da", "text_en", "text_da", "sent_back_because")
EVENT = ("title_en", "title_da", "text_en", "text_da", "place", "point", "briefing", "sent_back_because")
PARTNER = ("name", "role", "phone", "email", "note")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_guards"), ("audit", "0001_initial")]

    operations = [
        watch("contacts_message", subject="contacts.message", without=MESSAGE),
        watch("contacts_exchange", subject="contacts.exchange", without=EXCHANGE),
        watch("contacts_messageevent", subject="contacts.messageevent"),
        watch("contacts_contacthours", subject="contacts.contacthours", without=("point",)),
        watch("contacts_publishingrule", subject="contacts.publishingrule"),
        watch("contacts_notice", subject="contacts.notice", without=NOTICE),
        watch("contacts_event", subject="contacts.event", without=EVENT),
        watch("contacts_event_sectors", subject="contacts.event_sectors"),
        watch("contacts_eventpresence", subject="contacts.eventpresence"),
        watch("contacts_partnercontact", subject="contacts.partnercontact", without=PARTNER),
        watch("contacts_printrun", subject="contacts.printrun"),
    ]
