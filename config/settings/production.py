"""A real station. Refuses to start on a value that would be unsafe there."""

from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.settings.base import *
from config.settings.base import (
    DATABASE_OWNER,
    DATABASES,
    EMAIL_BACKEND,
    EMAIL_HOST,
    SITE_URL,
    SMS_GATEWAY_URL,
)

DEBUG = False
DEMO = False
SECOND_FACTOR_REQUIRED = environment.SECOND_FACTOR_REQUIRED is not False

if len(environment.SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY must be set to at least 50 random characters, for example by: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
if "*" in environment.ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's host names, not *.")
for _role in (DATABASES["default"], DATABASE_OWNER or {}):
    if _role.get("PASSWORD") == "only-to-try-it":
        raise ImproperlyConfigured(
            "POSTGRES_PASSWORD and APPLICATION_PASSWORD must be set: those that docker-compose.yml has are public."
        )
if not EMAIL_BACKEND.endswith(".smtp.EmailBackend") or not EMAIL_HOST:
    raise ImproperlyConfigured(
        "EMAIL_URL must name a mail server, for example: smtp+tls://user:password@mail.police.example:587"
    )
if not environment.DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL must be set: the address that mails are sent from, which the mail server accepts."
    )
if not SITE_URL.startswith("https://" if environment.HTTPS_ONLY else ("http://", "https://")) or (
    "//localhost" in SITE_URL
):
    raise ImproperlyConfigured(
        "SITE_URL must be the site's own address, which mails link to, for example: https://officer.police.example"
    )
if SMS_GATEWAY_URL and not SMS_GATEWAY_URL.startswith("https://"):
    raise ImproperlyConfigured("SMS_GATEWAY_URL must begin with https://: telephone numbers are sent there.")

SECURE_SSL_REDIRECT = environment.HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if environment.HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.HTTPS_ONLY
SECURE_HSTS_PRELOAD = environment.HTTPS_ONLY
SESSION_COOKIE_SECURE = environment.HTTPS_ONLY
CSRF_COOKIE_SECURE = environment.HTTPS_ONLY
