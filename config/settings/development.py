"""A developer's machine and `script/server`: the demo, plain HTTP, a key that protects nothing."""

from config.settings.base import *
from config.settings.base import SECRET_KEY as _SECRET_KEY

DEBUG = False
DEMO = True
SECRET_KEY = _SECRET_KEY or "development-only-never-in-production-0123456789abcdef"
# Passkeys on http://localhost, which browsers trust as they do HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
