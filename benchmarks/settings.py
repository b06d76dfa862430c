"""The site as in production, with one more address: an empty view, the yardstick of every ratio."""

from config.settings.development import *
from config.settings.development import DATABASES

ROOT_URLCONF = "benchmarks.urls"
DATABASES["default"]["TEST"] = {"NAME": f"benchmark_{DATABASES['default']['NAME']}"}
LOGGING = {"version": 1, "disable_existing_loggers": True}
