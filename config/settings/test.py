"""The test suite: no pool, cheap passwords, tasks run at once, static files straight from their sources."""

from tempfile import TemporaryDirectory

from config.settings.base import *
from config.settings.base import DATABASES, STORAGES

DEBUG = False
DEMO = False
SECRET_KEY = "test"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True
# A test that changes the register sees the change with the next request.
REGISTER_RECHECK_SECONDS = 0.0
AUDIT_RAISES = True
LANGUAGE_CODE = "en"
# Emptied when the tests are over.
_documents = TemporaryDirectory(prefix="documents-")
DOCUMENTS_ROOT = _documents.name
_attachments = TemporaryDirectory(prefix="attachments-")
ATTACHMENTS_ROOT = _attachments.name
# Passkeys on http://localhost, which browsers trust as they do HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
