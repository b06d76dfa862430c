"""The site as in production, with one more address: an empty view, the yardstick of every ratio."""

from config.settings.development import *
from config.settings.development import DATABASES, STORAGES

ROOT_URLCONF = "benchmarks.urls"
DATABASES["default"]["TEST"] = {"NAME": f"benchmark_{DATABASES['default']['NAME']}"}
# All requests come from one address. They are counted as everybody's are, and none is refused.
INTERFACE_READS_PER_SECOND = INTERFACE_READS_AT_ONCE = 1_000_000_000
INTERFACE_BULK_AN_HOUR = 1_000_000
LOGGING = {"version": 1, "disable_existing_loggers": True}
# Nobody here asks for a style sheet, so none has to be collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
