"""When groups and parties were met last, kept by triggers on the entries' links, and filled from those that are there."""

import django.db.models.deletion
from django.db import migrations, models

# A new link raises the instant; where links went or changed, it is looked up again: one step into an index each. The
# rows are locked first and in order, so that whoever writes meanwhile is waited for. That is the order within one
# statement: the next one locks others. Those who write in one sector take turns (`sectorlog.taking_turns`), or two of
# them could wait in a circle.
PARTIES = """
CREATE FUNCTION sectorlog_recall_parties(parties bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sectorlog_partycontact WHERE party_id = ANY(parties) ORDER BY party_id FOR UPDATE;
    UPDATE sectorlog_partycontact kept SET happened_at = (
        SELECT happened_at FROM sectorlog_entryparty link
        WHERE link.party_id = kept.party_id ORDER BY happened_at DESC LIMIT 1
    ) WHERE party_id = ANY(parties);
END $$;

CREATE FUNCTION sectorlog_keep_party_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO sectorlog_partycontact (party_id, happened_at)
        SELECT party_id, max(happened_at) FROM linked GROUP BY party_id ORDER BY party_id
        ON CONFLICT (party_id) DO UPDATE SET happened_at = excluded.happened_at
            WHERE coalesce(excluded.happened_at > sectorlog_partycontact.happened_at, true);
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM sectorlog_recall_parties(
            ARRAY(SELECT party_id FROM linked UNION SELECT party_id FROM unlinked ORDER BY 1)
        );
    ELSE
        PERFORM sectorlog_recall_parties(ARRAY(SELECT DISTINCT party_id FROM unlinked ORDER BY 1));
    END IF;
    RETURN NULL;
END $$;
"""
# Each party has its row from the beginning. About when its next visit is due is worked out in one place: whatever
# writes the row, and with every change of the party. Intervals are counted in hours, for a day needs a time zone.
VISITS = """
CREATE FUNCTION sectorlog_work_out_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(NEW.happened_at + interval_days * interval '24 hours', created_at) INTO NEW.visit_due_at
    FROM sectorlog_party
    WHERE id = NEW.party_id AND interval_days IS NOT NULL AND gone_at IS NULL AND merged_into_id IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER visit_worked_out BEFORE INSERT OR UPDATE ON sectorlog_partycontact
    FOR EACH ROW EXECUTE FUNCTION sectorlog_work_out_visit();

CREATE FUNCTION sectorlog_follow_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO sectorlog_partycontact (party_id) VALUES (NEW.id);
    ELSE
        UPDATE sectorlog_partycontact SET happened_at = happened_at WHERE party_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_begun AFTER INSERT ON sectorlog_party
    FOR EACH ROW EXECUTE FUNCTION sectorlog_follow_party();
CREATE TRIGGER visit_moved AFTER UPDATE ON sectorlog_party FOR EACH ROW WHEN (
    (OLD.interval_days, OLD.gone_at, OLD.merged_into_id, OLD.created_at)
    IS DISTINCT FROM (NEW.interval_days, NEW.gone_at, NEW.merged_into_id, NEW.created_at)
) EXECUTE FUNCTION sectorlog_follow_party();
"""
VISITS_NO_MORE = """
DROP TRIGGER visit_worked_out ON sectorlog_partycontact;
DROP TRIGGER contact_begun ON sectorlog_party;
DROP TRIGGER visit_moved ON sectorlog_party;
DROP FUNCTION sectorlog_work_out_visit;
DROP FUNCTION sectorlog_follow_party;
"""
GROUPS = """
CREATE FUNCTION sectorlog_recall_groups(sectors bigint[], groups bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sectorlog_groupcontact WHERE (sector_id, group_id) IN (SELECT * FROM unnest(sectors, groups))
        ORDER BY sector_id, group_id FOR UPDATE;
    DELETE FROM sectorlog_groupcontact kept WHERE (sector_id, group_id) IN (SELECT * FROM unnest(sectors, groups))
        AND NOT EXISTS (SELECT FROM sectorlog_entrygroup link
            WHERE link.sector_id = kept.sector_id AND link.group_id = kept.group_id);
    INSERT INTO sectorlog_groupcontact (sector_id, group_id, happened_at)
    SELECT pair.sector, pair.target, last.happened_at
    FROM unnest(sectors, groups) pair (sector, target) CROSS JOIN LATERAL (
        SELECT happened_at FROM sectorlog_entrygroup
        WHERE sector_id = pair.sector AND group_id = pair.target ORDER BY happened_at DESC LIMIT 1
    ) last ORDER BY 1, 2
    ON CONFLICT (sector_id, group_id) DO UPDATE SET happened_at = excluded.happened_at;
END $$;

CREATE FUNCTION sectorlog_keep_group_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sectors bigint[];
    groups bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO sectorlog_groupcontact (sector_id, group_id, happened_at)
        SELECT sector_id, group_id, max(happened_at) FROM linked GROUP BY sector_id, group_id ORDER BY 1, 2
        ON CONFLICT (sector_id, group_id) DO UPDATE SET happened_at = excluded.happened_at
            WHERE excluded.happened_at > sectorlog_groupcontact.happened_at;
        RETURN NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(sector_id), array_agg(group_id) INTO sectors, groups FROM (
            SELECT sector_id, group_id FROM linked UNION SELECT sector_id, group_id FROM unlinked
        ) pairs;
    ELSE
        SELECT array_agg(sector_id), array_agg(group_id) INTO sectors, groups FROM (
            SELECT DISTINCT sector_id, group_id FROM unlinked
        ) pairs;
    END IF;
    PERFORM sectorlog_recall_groups(sectors, groups);
    RETURN NULL;
END $$;
"""
# A trigger that sees all rows of a statement serves one kind of statement.
KEEP = """
CREATE TRIGGER contacts_linked AFTER INSERT ON sectorlog_entry{kind} REFERENCING NEW TABLE AS linked
    FOR EACH STATEMENT EXECUTE FUNCTION sectorlog_keep_{kind}_contacts();
CREATE TRIGGER contacts_changed AFTER UPDATE ON sectorlog_entry{kind}
    REFERENCING OLD TABLE AS unlinked NEW TABLE AS linked
    FOR EACH STATEMENT EXECUTE FUNCTION sectorlog_keep_{kind}_contacts();
CREATE TRIGGER contacts_unlinked AFTER DELETE ON sectorlog_entry{kind} REFERENCING OLD TABLE AS unlinked
    FOR EACH STATEMENT EXECUTE FUNCTION sectorlog_keep_{kind}_contacts();
"""
LET_GO = """
DROP TRIGGER contacts_linked ON sectorlog_entry{kind};
DROP TRIGGER contacts_changed ON sectorlog_entry{kind};
DROP TRIGGER contacts_unlinked ON sectorlog_entry{kind};
DROP FUNCTION sectorlog_keep_{kind}_contacts;
"""
FILL = """
INSERT INTO sectorlog_partycontact (party_id, happened_at)
SELECT party.id, max(link.happened_at)
FROM sectorlog_party party LEFT JOIN sectorlog_entryparty link ON link.party_id = party.id GROUP BY party.id;
INSERT INTO sectorlog_groupcontact (sector_id, group_id, happened_at)
SELECT sector_id, group_id, max(happened_at) FROM sectorlog_entrygroup GROUP BY sector_id, group_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sectorlog", "0011_record_changes_of_public_side"),
        ("sectors", "0006_contacts_in_the_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartyContact",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept_contact",
                        serialize=False,
                        to="sectorlog.party",
                        verbose_name="party",
                    ),
                ),
                ("happened_at", models.DateTimeField(null=True, verbose_name="last contact")),
                ("visit_due_at", models.DateTimeField(null=True, verbose_name="next visit")),
            ],
            options={
                "verbose_name": "last contact with a party",
                "verbose_name_plural": "last contacts with parties",
                "indexes": [
                    models.Index(
                        condition=models.Q(visit_due_at__isnull=False),
                        fields=["visit_due_at"],
                        name="visit_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="last contact")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sectorlog.targetgroup",
                        verbose_name="target group",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sectors.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "last contact with a target group",
                "verbose_name_plural": "last contacts with target groups",
                "constraints": [
                    models.UniqueConstraint(fields=("sector", "group"), name="groupcontact_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(gone_at=None, interval_days__isnull=False, merged_into=None),
                fields=["sector"],
                include=("id", "created_at", "interval_days"),
                name="party_to_visit",
            ),
        ),
        migrations.RunSQL(PARTIES, "DROP FUNCTION sectorlog_recall_parties"),
        migrations.RunSQL(VISITS, VISITS_NO_MORE),
        migrations.RunSQL(GROUPS, "DROP FUNCTION sectorlog_recall_groups"),
        migrations.RunSQL(KEEP.replace("{kind}", "party"), LET_GO.replace("{kind}", "party")),
        migrations.RunSQL(KEEP.replace("{kind}", "group"), LET_GO.replace("{kind}", "group")),
        # Later than the triggers, whose locks bar new links: what a site that runs meanwhile wrote is in it.
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
