"""Instants in Danish as people read them aloud: 3. maj 2027 kl. 14:00. The rest is as Django has it."""

DATETIME_FORMAT = r"j. F Y \k\l. H:i"
