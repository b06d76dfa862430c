"""How urgent something is: the time that it has waited, divided by the time that it was allowed.

One number for all kinds, so that they stand in one list; at 1 its time is over. What was promised to citizens and is
past its time does not compete by that number: messages stand before everything else, then promises to tell back,
of each what is past its time for longest. Weeks without a visit would outrun 72 hours in any ratio.

| kind       | its time begins                        | is over                                     | listed from
| ---------- | -------------------------------------- | ------------------------------------------- | ----------------
| message    | when it was received                   | 72 hours of the clock later (decision 0016) | 48 hours
| came back  | 72 hours before its answer came back   | when it came back: the sender still waits   | at once
| promise    | with the entry that it was made in     | with the day that it was promised for       | 3 days before
| referral   | when it was received                   | REFERRAL_WITHIN later                       | at once
| group      | on the day of the last contact         | with the last day of the agreed interval    | its last quarter
| challenge  | with the last word on it               | SILENT_AFTER later                          | SOON_DAYS before
| party      | on the day of the last contact         | with the last day of the agreed interval    | SOON_DAYS before
| silent log | with the last entry                    | four of its usual gaps later, see `silence` | when it is over

A group that was never met is over its time since the day on which it was agreed, as `sectorlog.groups.neglect` has
it; a party that was never met is due on the day on which it was entered, as `sectorlog.visits.due` has it. A sector
without any entry waits since it came into force.
"""

from __future__ import annotations

import datetime

from sectorlog.challenges.story import SILENT_AFTER
from sectorlog.today.entries import AHEAD as PROMISED_AHEAD
from sectorlog.visits.due import SOON_DAYS

__all__ = ["PROMISED_AHEAD", "REFERRAL_WITHIN", "REST", "SILENT_AFTER", "SOON_DAYS", "TURN", "URGENCY"]

# What is heard of crime grows old fast; the handbook (How to perform the task, 15) names no time.
REFERRAL_WITHIN = datetime.timedelta(days=1)

# In SQL, of the columns `started` and `due` and the instant now.
# Floating point: of thousands of rows, numbers of any precision would take longer than all the rest.
URGENCY = "date_part('epoch', %s::timestamptz - started) / greatest(date_part('epoch', due - started), 1)"

# In SQL, of the columns `source` and `urgency`: whose turn it is among what is past its time; all else is the rest.
REST = 2
TURN = (
    "CASE WHEN urgency < 1 THEN 2 WHEN source IN ('message', 'message-back') THEN 0"
    " WHEN source = 'promise' THEN 1 ELSE 2 END"
)
