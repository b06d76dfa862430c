"""Every change of the sector log stands in the log of changes: that it was, by whom and when.

What officers wrote stands in the sector log alone: the log of changes is kept longer than that may be.
"""

from django.db import migrations

from audit.triggers import watch

ENTRY = ("text", "values", "place", "place_text")
PARTY = ("name", "address", "place", "note")
CONTACT = ("name", "role", "phone", "email", "note")
CHALLENGE = ("title", "description", "result")
PROMISE = ("what", "to_whom", "told_back")
EFFORT = ("title", "goal", "evaluation")


class Migration(migrations.Migration):
    dependencies = [("sectorlog", "0002_guards"), ("audit", "0001_initial")]

    operations = [
        watch("sectorlog_targetgroup", subject="sectorlog.targetgroup"),
        watch("sectorlog_groupinsector", subject="sectorlog.groupinsector", without=("description",)),
        watch("sectorlog_groupstatus", subject="sectorlog.groupstatus", without=("note",)),
        watch("sectorlog_formtemplate", subject="sectorlog.formtemplate"),
        watch("sectorlog_formversion", subject="sectorlog.formversion"),
        watch("sectorlog_party", subject="sectorlog.party", without=PARTY),
        watch("sectorlog_party_groups", subject="sectorlog.party_groups"),
        watch("sectorlog_contactperson", subject="sectorlog.contactperson", without=CONTACT),
        watch("sectorlog_challenge", subject="sectorlog.challenge", without=CHALLENGE),
        watch("sectorlog_challenge_groups", subject="sectorlog.challenge_groups"),
        watch("sectorlog_challenge_parties", subject="sectorlog.challenge_parties"),
        watch("sectorlog_progressnote", subject="sectorlog.progressnote", without=("text",)),
        watch("sectorlog_effort", subject="sectorlog.effort", without=EFFORT),
        watch("sectorlog_effort_sectors", subject="sectorlog.effort_sectors"),
        watch("sectorlog_effort_units", subject="sectorlog.effort_units"),
        watch("sectorlog_efforttask", subject="sectorlog.efforttask", without=("what",)),
        watch("sectorlog_patrol", subject="sectorlog.patrol"),
        watch("sectorlog_logentry", subject="sectorlog.logentry", without=ENTRY),
        watch("sectorlog_entrygroup", subject="sectorlog.entrygroup"),
        watch("sectorlog_entryparty", subject="sectorlog.entryparty"),
        watch("sectorlog_entrychallenge", subject="sectorlog.entrychallenge"),
        watch("sectorlog_entryrevision", subject="sectorlog.entryrevision", without=("was",)),
        watch("sectorlog_addendum", subject="sectorlog.addendum", without=("text",)),
        watch("sectorlog_attachment", subject="sectorlog.attachment", without=("filename",)),
        watch("sectorlog_promise", subject="sectorlog.promise", without=PROMISE),
        watch("sectorlog_handover", subject="sectorlog.handover", without=("pack",)),
        watch("sectorlog_handoveritem", subject="sectorlog.handoveritem", without=("title", "note")),
        watch("sectorlog_briefing", subject="sectorlog.briefing"),
        watch("sectorlog_sourcekey", subject="sectorlog.sourcekey"),
        watch("sectorlog_sourcereferral", subject="sectorlog.sourcereferral", without=("sealed",)),
        watch("sectorlog_sourceword", subject="sectorlog.sourceword"),
        watch("sectorlog_reviewdecision", subject="sectorlog.reviewdecision"),
        watch("sectorlog_hold", subject="sectorlog.hold"),
        watch("sectorlog_erasure", subject="sectorlog.erasure"),
    ]
