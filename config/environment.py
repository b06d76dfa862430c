"""Every environment variable that the site reads, with its default: the one place to look."""

import re
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

SECRET_KEY: str = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL: str = env.str("DATABASE_URL", default="postgis:///your_police_officer")
# The role that owns the tables, for work on the schema; without it, DATABASE_URL's does everything.
OWNER_DATABASE_URL: str = env.str("OWNER_DATABASE_URL", default="")
DATABASE_POOL_SIZE: int = env.int("DATABASE_POOL_SIZE", default=8)
REDIS_URL: str = env.str("REDIS_URL", default="redis://localhost:6379/0")
# Without it, mails are written to files under .local/mail.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="")
# Where citizens answer to officers' mails; a mail server hands what comes there to `manage.py receive_mail`.
REPLY_ADDRESS: str = env.str("REPLY_ADDRESS", default="")
# A gateway that sends text messages, its bearer token, and the sender that telephones show.
SMS_GATEWAY_URL: str = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN: str = env.str("SMS_GATEWAY_TOKEN", default="")
SMS_SENDER: str = env.str("SMS_SENDER", default="Police")
# Where mails link to: scheme and host, without a slash at the end.
SITE_URL: str = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
# The folder of analysis documents; without it, under .local/documents.
DOCUMENTS_ROOT: str = env.str("DOCUMENTS_ROOT", default="")
ATTACHMENTS_ROOT: str = env.str("ATTACHMENTS_ROOT", default="")
LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
HTTPS_ONLY: bool = env.bool("HTTPS_ONLY", default=True)

# Whether staff must log in with a second factor; without, the settings decide: yes in production.
SECOND_FACTOR_REQUIRED: bool | None = (
    env.bool("SECOND_FACTOR_REQUIRED") if env.str("SECOND_FACTOR_REQUIRED", default="") else None
)
# How many proxies in front of the site add the client's address to X-Forwarded-For.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
# A police force's own sign-on by OpenID Connect: all four, or none of them.
OIDC_NAME: str = env.str("OIDC_NAME", default="")
OIDC_ISSUER: str = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID: str = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET: str = env.str("OIDC_CLIENT_SECRET", default="")
# The words in `amr` or `acr` by which the provider says that it has asked for a second factor: "mfa,otp".
OIDC_SECOND_FACTOR: list[str] = env.list("OIDC_SECOND_FACTOR", default=[])

DEFAULT_LANGUAGE: str = env.str("DEFAULT_LANGUAGE", default="en")
TILE_URL: str = env.str("TILE_URL", default="https://tile.openstreetmap.org/{z}/{x}/{y}.png")
TILE_ATTRIBUTION: str = env.str(
    "TILE_ATTRIBUTION",
    default='© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors',
)
EMERGENCY_NUMBER: str = env.str("EMERGENCY_NUMBER", default="112")
POLICE_NUMBER: str = env.str("POLICE_NUMBER", default="114")
HOLIDAYS_OF: str = env.str("HOLIDAYS_OF", default="DK")
NEAR_BORDER_METRES: float = env.float("NEAR_BORDER_METRES", default=25.0)
SERVICE_BOUNDS: list[float] = env.list("SERVICE_BOUNDS", cast=float, default=[-25.0, 34.0, 45.0, 72.0])


def sign_ons() -> list[dict[str, object]]:
    """Return the police force's own sign-on as allauth describes one; nothing where none is set.

    Raises ImproperlyConfigured where only a part of it is.
    """
    parts = {
        "OIDC_NAME": OIDC_NAME,
        "OIDC_ISSUER": OIDC_ISSUER,
        "OIDC_CLIENT_ID": OIDC_CLIENT_ID,
        "OIDC_CLIENT_SECRET": OIDC_CLIENT_SECRET,
    }
    missing = [name for name, value in parts.items() if not value]
    if len(missing) == len(parts):
        return []
    if missing:
        raise ImproperlyConfigured(f"A sign-on is set by half: {', '.join(missing)} must be set as well.")
    return [
        {
            "provider_id": "station",
            "name": OIDC_NAME,
            "client_id": OIDC_CLIENT_ID,
            "secret": OIDC_CLIENT_SECRET,
            "settings": {"server_url": OIDC_ISSUER.rstrip("/")},
        }
    ]


def reply_address() -> str:
    """Return where answers to mails go, empty where none are taken. Raises ImproperlyConfigured for an unfit one.

    64 characters may stand before an address's @, and 43 of them say which message it is about.
    """
    name, _at, domain = REPLY_ADDRESS.rpartition("@")
    if REPLY_ADDRESS and not (re.fullmatch(r"[A-Za-z0-9._-]{1,21}", name) and "." in domain):
        raise ImproperlyConfigured(
            "REPLY_ADDRESS must be a plain address with at most 21 characters before the @: answers@police.example"
        )
    return REPLY_ADDRESS


def sms_gateway_url() -> str:
    """Return where text messages are handed over, empty for nowhere. Raises ImproperlyConfigured."""
    parts = urlsplit(SMS_GATEWAY_URL)
    if SMS_GATEWAY_URL and (parts.scheme not in ("https", "http") or not parts.hostname):
        raise ImproperlyConfigured("SMS_GATEWAY_URL must be a web address: https://gateway.example/messages")
    return SMS_GATEWAY_URL
