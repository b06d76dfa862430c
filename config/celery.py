"""The Celery application: the door bell. The database rows are the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("your_police_officer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
