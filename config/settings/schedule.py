"""What Celery's beat asks the workers to do, and when: seconds between two times, or by the clock of TIME_ZONE."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "remove-files-without-a-document": {
        "task": "sectors.tasks.remove_unclaimed_documents",
        "schedule": 24 * 60 * 60.0,
    },
    "remove-files-without-an-entry": {
        "task": "sectorlog.tasks.remove_unclaimed_attachments",
        "schedule": 24 * 60 * 60.0,
    },
    "seal-the-log": {
        "task": "audit.tasks.seal",
        "schedule": 60.0,
    },
    "make-partitions-of-the-log": {
        "task": "audit.tasks.make_partitions",
        "schedule": 24 * 60 * 60.0,
    },
    "assign-addresses-to-sectors": {
        "task": "sectors.tasks.resector_due_stations",
        "schedule": 60.0,
    },
    "send-notifications-that-are-due": {
        "task": "notifications.tasks.deliver_due",
        "schedule": 60.0,
    },
    "end-patrols-that-nobody-stopped": {
        "task": "sectorlog.tasks.end_forgotten_patrols",
        "schedule": 10 * 60.0,
    },
    "erase-what-is-past-its-review": {
        "task": "sectorlog.tasks.erase_what_is_past_review",
        "schedule": crontab(hour="2", minute="30"),
    },
    "tell-heads-what-comes-up-for-review": {
        "task": "sectorlog.tasks.tell_of_reviews",
        "schedule": crontab(hour="5", minute="30"),
    },
    "make-the-morning's-briefing-sheets": {
        "task": "sectorlog.tasks.make_morning_briefings",
        # Handbook, How to perform the task, 11.
        "schedule": crontab(hour="6", minute="30", day_of_week="mon-fri"),
    },
    "send-the-monday-mail": {
        "task": "overview.tasks.send_digests",
        # After the morning's briefing sheets; and again, for whom the first time came to nothing.
        "schedule": crontab(hour="6-11", minute="45", day_of_week="mon"),
    },
    "watch-the-clock-of-messages": {
        "task": "contacts.tasks.watch_the_clock",
        "schedule": 10 * 60.0,
    },
    "tell-who-answers-now-of-open-messages": {
        "task": "contacts.tasks.tell_who_answers",
        "schedule": 60 * 60.0,
    },
    "erase-words-of-messages": {
        "task": "contacts.tasks.erase_messages",
        "schedule": crontab(hour="2", minute="15"),
    },
    "count-answer-times": {
        "task": "contacts.tasks.count_answer_times",
        "schedule": crontab(hour="3", minute="15"),
    },
    "count-figures": {
        "task": "overview.tasks.count_figures",
        # Later than what is erased that night.
        "schedule": crontab(hour="3", minute="45"),
    },
    "forget-counts-of-requests": {
        "task": "contacts.tasks.forget_request_counts",
        "schedule": 24 * 60 * 60.0,
    },
    "forget-notifications-sent-long-ago": {
        "task": "notifications.tasks.forget_sent",
        "schedule": 24 * 60 * 60.0,
    },
}
