"""What the overview keeps itself: counts by month. Everything else it works out from the other apps' rows."""

from overview.models.counts import CountedMonth, Measure, MonthCount

__all__ = ["CountedMonth", "Measure", "MonthCount"]
