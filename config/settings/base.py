"""Settings that hold everywhere. What differs by place comes from `config.environment`."""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment
from config.settings.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[2]

SECRET_KEY = environment.SECRET_KEY
SECRET_KEY_FALLBACKS = environment.SECRET_KEY_FALLBACKS
ALLOWED_HOSTS = environment.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = environment.CSRF_TRUSTED_ORIGINS
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "audit",
    "notifications",
    "sectors",
    "officers",
    "officers.login",
    "contacts",
    "handbook",
    "sectorlog",
    "overview",
    "config.apps.StationAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.PublishedFilesConfig",
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_include_bootstrap",
    "leaflet",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "officers.login.middleware.StaffSessionMiddleware",
    "officers.middleware.LoginRequiredMiddleware",
    "audit.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# A new connection costs about 13 ms up to its first PostGIS query, so connections are kept in a pool.
# The pool is as large as the threads of one web process that may hold a connection.
DATABASES = {"default": environ.Env.db_url_config(environment.DATABASE_URL)}
DATABASES["default"]["ENGINE"] = "django.contrib.gis.db.backends.postgis"
# The log says which program changed something when no account did: "manage.py import_addresses", "celery".
_program = Path(sys.argv[0])
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = (
    _program.parent.name if _program.stem == "__main__" else " ".join([_program.name, *sys.argv[1:2]])
)
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": environment.DATABASE_POOL_SIZE,
    "timeout": 5,
}
# After a restart of the database each connection of the pool is broken: whoever takes one finds out before the work,
# by an empty question, and gets another.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Work on the schema is done as the role that owns it, where that is another one: see `audit.owner`.
_owner = environment.OWNER_DATABASE_URL and environ.Env.db_url_config(environment.OWNER_DATABASE_URL)
DATABASE_OWNER = (
    {name: _owner.get(name, "") for name in ("USER", "PASSWORD", "HOST", "PORT")}
    | {"OPTIONS": _owner.get("OPTIONS", {})}
    if _owner
    else None
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "officers.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "account_login"
# A mail may wait a while for its server; the link in it is good for this long.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Attempts to log in are counted here: in a table that all processes share, that outlives Redis, and that no public
# page asks. When it is full, counts that have run out go first, then a third of all, by the order of their keys.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "login_attempts",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

ACCOUNT_ADAPTER = "officers.login.adapter.StationAccountAdapter"
ACCOUNT_FORMS = {
    "login": "officers.login.forms.LoginForm",
    "reset_password": "officers.login.forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address is the administrator's word, or that of the head who made the account.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The cookie goes with the browser; SESSION_IDLE_SECONDS is shorter than any wish to be remembered.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Attempts an interval, by address and by account ("key"). The sentences in `officers.login.adapter` and in
# templates/429.html name these intervals.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "invitation": "20/m/ip",
    "sign_on": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    # Codes by text message: asked for, and typed (`officers.login.text_messages`).
    "text_number": "5/h/user",
    "text_code": "5/10m/user",
}
# How many proxies in front of the site add to X-Forwarded-For; with 0 that header is ignored: anybody can write it.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.TRUSTED_PROXIES

MFA_ADAPTER = "officers.login.second_factor.StationMFAAdapter"
MFA_FORMS = {
    "add_webauthn": "officers.login.forms.AddKeyForm",
    "edit_webauthn": "officers.login.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# An address is given by whoever makes the account, and the invitation's link proves it. allauth notes it as not
# verified when somebody, anybody, asks for a new password: that must not stand in the way of a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A key that is only there is one factor; with its owner's finger or PIN it is two.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Your Police Officer"
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
# Whether staff must have a second factor; the production settings say so.
SECOND_FACTOR_REQUIRED = bool(environment.SECOND_FACTOR_REQUIRED)

SOCIALACCOUNT_ADAPTER = "officers.login.sign_on.StationSignOnAdapter"
# By a link: `form-action` of the content security policy would forbid a form that leads to the provider.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": environment.sign_ons()}}
# What the provider says in `amr` or `acr` when it has asked for a second factor; without, it is asked for here.
OIDC_SECOND_FACTOR = environment.OIDC_SECOND_FACTOR

LANGUAGE_CODE = environment.DEFAULT_LANGUAGE
LANGUAGES = [("en", _("English")), ("da", _("Danish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
# Dates in English as they are written in Europe: 3 May 2027, 14:00.
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are for developers' tools only: not worth the seconds that compressing them takes.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gz", "br", "woff", "woff2", "map")

_mail = environ.Env.email_url_config(environment.EMAIL_URL or f"filemail:///{BASE_DIR}/.local/mail")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_HOST = _mail["EMAIL_HOST"] or ""
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
# For each answer of the mail server. A worker's lease of a notification outlasts all of them.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.DEFAULT_FROM_EMAIL or "no-reply@localhost"

CELERY_BROKER_URL = environment.REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker for as long as it is away: by default it gives up after 100 attempts, within an hour.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A request must not hang on a broker that is away: the sweeper finds what the bell missed.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LEAFLET_CONFIG = {
    "TILES": [(_("Streets"), environment.TILE_URL, {"attribution": environment.TILE_ATTRIBUTION})],
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
    "SCALE": "metric",
}

# OpenStreetMap's tile servers refuse requests without a referrer.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_tile_origin = environment.TILE_URL.partition("{")[0].rstrip("/").replace("{s}.", "*.")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", _tile_origin],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_secrets": {"()": "config.log_masking.MaskSecrets"}},
    "formatters": {
        "line": {
            "()": "config.log_masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask_secrets"]}
    },
    # Django's own handlers know no filter of ours; what it logs goes to the root's.
    # What WeasyPrint and its fonts do step by step is of no use to anybody here.
    "loggers": {
        "django": {"handlers": []},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": environment.LOG_LEVEL},
}

# Debian's GDAL is older than the release that can block file and network access by itself. Nothing here hands
# GDAL a spatial reference, or a format, that a file made up: see `sectors.boundaries.files`.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# --- The product's own settings -----------------------------------------------------------------

# Where mails link to.
SITE_URL = environment.SITE_URL.rstrip("/")
# Where citizens answer to an officer's mail: see `contacts.messages.mail.threads`. Empty: nowhere.
REPLY_ADDRESS = environment.reply_address()
# Text messages, besides e-mails: what sends them, of which events, and where to. Without an address of a gateway
# nobody is offered any.
TEXT_MESSAGE_BACKEND = "notifications.text_messages.HttpGateway"
TEXT_MESSAGE_EVENTS = frozenset(
    f"contacts.{event}"
    for event in ("message_received", "message_warning", "message_overdue", "answer_bounced")
)
SMS_GATEWAY_URL = environment.sms_gateway_url()
SMS_GATEWAY_TOKEN = environment.SMS_GATEWAY_TOKEN
SMS_SENDER = environment.SMS_SENDER
# Whether a page behind the login that does not say what it shows is an error (the tests), or is told of in the
# log files and logged as a whole.
AUDIT_RAISES = False
# The modules of views that show an account nothing but its own settings.
AUDIT_OWN_ACCOUNT_MODULES = ("allauth.", "officers.login.")
# Who may read the log: a function that takes the account and returns an audit.permissions.AuditScope or None.
AUDIT_RIGHTS = "officers.audit_rights.audit_scope"
# What a citizen calls when it is urgent, and for other police matters.
EMERGENCY_NUMBER = environment.EMERGENCY_NUMBER
POLICE_NUMBER = environment.POLICE_NUMBER
# A position within this many metres of another sector is answered "near a border".
NEAR_BORDER_METRES = environment.NEAR_BORDER_METRES
# Where coordinates can lie at all: west, south, east, north in degrees (EPSG:4326). What falls outside, and
# would fall inside with latitude and longitude swapped, is reported as swapped.
SERVICE_BOUNDS = tuple(environment.SERVICE_BOUNDS)
# For how many seconds a process may answer from its own copy of the register before it asks the
# database whether something has changed.
REGISTER_RECHECK_SECONDS = 1.0
# Where analysis documents are kept; never a folder that a web server hands out.
DOCUMENTS_ROOT = environment.DOCUMENTS_ROOT or BASE_DIR / ".local" / "documents"
# A larger document is not taken; what is beyond is passed over while it arrives.
DOCUMENT_MAX_BYTES = 25 * 1024 * 1024
# Gaps between the sectors of a release above this many square metres are reported one by one, smaller ones
# together.
GAP_REPORT_M2 = 1.0
# For how many days a record of the log about people is kept before somebody has to say that it is still needed.
LOG_REVIEW_DAYS = 2 * 365
# Where the attachments of log entries are kept; never a folder that a web server hands out.
ATTACHMENTS_ROOT = environment.ATTACHMENTS_ROOT or BASE_DIR / ".local" / "attachments"
# A larger attachment is not taken.
ATTACHMENT_MAX_BYTES = 15 * 1024 * 1024
# Whose public holidays stop the 72-hour clock of messages: a country of the holidays library.
HOLIDAYS_OF = environment.HOLIDAYS_OF
# For how many days the words of a message are kept after it was closed.
MESSAGE_KEPT_DAYS = 365
# Over how many days the answer times that are published are counted.
ANSWER_TIMES_DAYS = 180
# The interface for programs. What costs next to nothing is counted by client and process: so many requests a second,
# and so many at once, which nobody types. A city's office, or a telephone network, shares one address.
INTERFACE_READS_PER_SECOND = 50
INTERFACE_READS_AT_ONCE = 1_000
# Lists of up to 10,000 places, by client and hour, counted for all processes together.
INTERFACE_BULK_AN_HOUR = 60
