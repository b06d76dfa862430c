"""What officers contribute, from one hand to the next: a module for each act.

The officer: `doubts` (with `names`) asks before `submitting`; then `answering`, `withdrawing`. Others: `agreeing`.
The editor: the `queue`, then `taking_up`, `asking`, `inserting` or `declining`; later `rewording`, `taking_out`. What
is worded is looked at first (`surroundings`, `previewing`), and `checking` finds its faults.

An act holds its row (`holding`): of two people at once the second is told what happened (`late`). It ends with the
mails that tell of it (`telling`). `inserted_between` is what the booklet marks.
"""
