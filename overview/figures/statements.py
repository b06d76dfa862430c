"""The statements that count a month. Each takes its steps into an index for each sector: no table is read through.

`entry_of_sector` leads to a sector's entries of a month, `entry_of_outcome` and `entrygroup_in_order` hold all that
is counted, `entryparty_once` leads from an entry to its parties. What was counted before stays where it is greater:
of a month that is counted anew nothing is there (`overview.figures.counting`).

Entries that may still change are taken off the whole number, not left out of it: they are few and found by the
primary key, and all are counted from indexes alone, which do not know when an entry was written.
"""

# Those of a month that waits with them; of any other `from_pk` is NULL, and there are none.
_INSERT = """
INSERT INTO overview_monthcount (sector_id, month, measure, key, value)
WITH changing AS (
    SELECT id, sector_id, outcome FROM sectorlog_logentry
    WHERE id >= %(from_pk)s AND written_at >= %(written_since)s
        AND happened_at >= %(begins)s AND happened_at < %(ends)s
)
"""
_KEEP_THE_GREATER = """
ON CONFLICT (measure, sector_id, month, key)
DO UPDATE SET value = excluded.value WHERE excluded.value > overview_monthcount.value
"""

ENTRIES = """
SELECT sector.id, %(month)s, 'entries', '', found.number - coalesce(waiting.number, 0)
FROM sectors_sector AS sector
CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM sectorlog_logentry AS entry
    WHERE entry.sector_id = sector.id AND entry.happened_at >= %(begins)s AND entry.happened_at < %(ends)s
) AS found
LEFT JOIN (
    SELECT sector_id, count(*) AS number FROM changing GROUP BY sector_id
) AS waiting ON waiting.sector_id = sector.id
WHERE found.number > coalesce(waiting.number, 0)
"""

OUTCOMES = """
SELECT sector.id, %(month)s, 'outcomes', came_to.outcome, found.number - coalesce(waiting.number, 0)
FROM sectors_sector AS sector
CROSS JOIN unnest(%(outcomes)s::text[]) AS came_to (outcome)
CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM sectorlog_logentry AS entry
    WHERE entry.sector_id = sector.id AND entry.outcome = came_to.outcome
        AND entry.happened_at >= %(begins)s AND entry.happened_at < %(ends)s
) AS found
LEFT JOIN (
    SELECT sector_id, outcome, count(*) AS number FROM changing GROUP BY sector_id, outcome
) AS waiting ON waiting.sector_id = sector.id AND waiting.outcome = came_to.outcome
WHERE found.number > coalesce(waiting.number, 0)
"""

CONTACTS = """
SELECT sector.id, %(month)s, 'contacts', target.id::text, found.number - coalesce(waiting.number, 0)
FROM sectors_sector AS sector
CROSS JOIN sectorlog_targetgroup AS target
CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM sectorlog_entrygroup AS link
    WHERE link.sector_id = sector.id AND link.group_id = target.id
        AND link.happened_at >= %(begins)s AND link.happened_at < %(ends)s
) AS found
LEFT JOIN (
    SELECT changing.sector_id, link.group_id, count(*) AS number
    FROM changing JOIN sectorlog_entrygroup AS link ON link.entry_id = changing.id
    GROUP BY changing.sector_id, link.group_id
) AS waiting ON waiting.sector_id = sector.id AND waiting.group_id = target.id
WHERE found.number > coalesce(waiting.number, 0)
"""

# Each party that an entry names was met: "nobody there" leaves no link (`sectorlog.visits.marking`), and any
# contact moves the day on which a visit is due (`sectorlog.visits.due`). OFFSET 0 keeps the steps in this order.
VISITS = """
SELECT sector.id, %(month)s, 'visits', '', found.number - coalesce(waiting.number, 0)
FROM sectors_sector AS sector
CROSS JOIN LATERAL (
    SELECT count(*) AS number
    FROM (
        SELECT entry.id FROM sectorlog_logentry AS entry
        WHERE entry.sector_id = sector.id AND entry.happened_at >= %(begins)s AND entry.happened_at < %(ends)s
        OFFSET 0
    ) AS entry
    JOIN sectorlog_entryparty AS link ON link.entry_id = entry.id
) AS found
LEFT JOIN (
    SELECT changing.sector_id, count(*) AS number
    FROM changing JOIN sectorlog_entryparty AS link ON link.entry_id = changing.id
    GROUP BY changing.sector_id
) AS waiting ON waiting.sector_id = sector.id
WHERE found.number > coalesce(waiting.number, 0)
"""

# Ranges are put in order by their beginning: patrols that begin after the month are not looked at.
PATROLS = """
SELECT sector.id, %(month)s, 'patrols', found.form, found.minutes
FROM sectors_sector AS sector
CROSS JOIN LATERAL (
    SELECT patrol.form, round(sum(extract(epoch FROM
        least(coalesce(upper(patrol.period), %(now)s), %(now)s, %(ends)s)
        - greatest(lower(patrol.period), %(begins)s)
    )) / 60)::bigint AS minutes
    FROM sectorlog_patrol AS patrol
    WHERE patrol.sector_id = sector.id
        AND patrol.period < tstzrange(%(ends)s, NULL)
        AND patrol.period && tstzrange(%(begins)s, %(ends)s)
        AND lower(patrol.period) < %(now)s
    GROUP BY patrol.form
) AS found
WHERE found.minutes > 0
"""

STATEMENTS = tuple(
    "".join((_INSERT, select, _KEEP_THE_GREATER)) for select in (ENTRIES, OUTCOMES, CONTACTS, VISITS, PATROLS)
)

# The oldest entry and patrol of each sector stand at the ends of their indexes.
BEGINS = """
SELECT least(
    (SELECT min(first.happened_at) FROM sectors_sector AS sector CROSS JOIN LATERAL (
        SELECT entry.happened_at FROM sectorlog_logentry AS entry
        WHERE entry.sector_id = sector.id ORDER BY entry.happened_at LIMIT 1
    ) AS first),
    (SELECT min(lower(first.period)) FROM sectors_sector AS sector CROSS JOIN LATERAL (
        SELECT patrol.period FROM sectorlog_patrol AS patrol
        WHERE patrol.sector_id = sector.id ORDER BY patrol.period LIMIT 1
    ) AS first),
    (SELECT min(answered_at) FROM contacts_message)
)
"""

# What was written since, among the entries below a primary key: the lowest one looked at, and their months.
WRITTEN_LATELY = """
SELECT min(id), array_agg(DISTINCT
    date_trunc('month', happened_at AT TIME ZONE %(zone)s)::date) FILTER (WHERE written_at >= %(since)s)
FROM (
    SELECT id, happened_at, written_at FROM sectorlog_logentry
    WHERE id < %(below)s ORDER BY id DESC LIMIT %(batch)s
) AS latest
"""
