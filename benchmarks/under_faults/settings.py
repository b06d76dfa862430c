"""The site as `script/server` runs it, with a shorter breath: what takes minutes there takes seconds here."""

from config.settings.development import *
from config.settings.development import CELERY_BEAT_SCHEDULE, STORAGES

# The sweeper comes every two seconds instead of every minute.
CELERY_BEAT_SCHEDULE = {
    "send-notifications-that-are-due": {
        **CELERY_BEAT_SCHEDULE["send-notifications-that-are-due"],
        "schedule": 2.0,
    }
}
# A mail server that stalls is given up after so many seconds instead of ten.
EMAIL_TIMEOUT = 2
# Nobody here asks for a style sheet, so none has to be collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
