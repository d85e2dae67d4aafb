"""Settings of CasePilot: one file, everything from the environment, safe when unset.

``.env.example`` lists every variable with its meaning. A value that cannot be read stops the
start with one clear line.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured

from casepilot_site import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this installation is ---------------------------------------------------------------
DEBUG = env.boolean("DEBUG", default=False)
DEMO = env.boolean("CASEPILOT_DEMO", default=False)
SITE_URL = env.origin("SITE_URL", "http://127.0.0.1:8000" if DEBUG or DEMO else None)
SITE_NAME = env.text("SITE_NAME", "CasePilot")
SITE_COPYRIGHT_YEAR = env.integer("SITE_COPYRIGHT_YEAR", 2026, minimum=2000)
SECRET_KEY = env.text("SECRET_KEY", "only-for-development-" * 3 if DEBUG else None)
SECRET_KEY_FALLBACKS = env.listing("SECRET_KEY_FALLBACKS")
HTTPS = SITE_URL.startswith("https://")
_host = urlsplit(SITE_URL).hostname or ""
if not (HTTPS or DEBUG or DEMO or _host in {"127.0.0.1", "localhost", "::1"}):
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r} must start with https:// in production.")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS") or [f"[{_host}]" if ":" in _host else _host]
if DEBUG or DEMO:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

# --- The meter (accounts/quota.py) -----------------------------------------------------------
GUEST_VIEW_LIMIT = env.integer("GUEST_VIEW_LIMIT", 1)
REGISTERED_EXTRA_VIEWS = env.integer("REGISTERED_EXTRA_VIEWS", 5)
NETWORK_VIEW_LIMIT = env.integer("NETWORK_VIEW_LIMIT", 200)
METER_PERIOD = env.choice("METER_PERIOD", "month", ("day", "week", "month"))

# --- The assistant (assistant/): questions a day, how long they are kept, a language model ------
ASSISTANT_GUEST_DAILY = env.integer("ASSISTANT_GUEST_DAILY", 3)
ASSISTANT_USER_DAILY = env.integer("ASSISTANT_USER_DAILY", 50)
ASSISTANT_NETWORK_DAILY = env.integer("ASSISTANT_NETWORK_DAILY", 200)
ASSISTANT_GUEST_HOURS = env.integer("ASSISTANT_GUEST_HOURS", 24, minimum=1)
ASSISTANT_KEEP_DAYS = env.integer("ASSISTANT_KEEP_DAYS", 365, minimum=1)
ASSISTANT_REVIEW_BY_ANOTHER = env.boolean("ASSISTANT_REVIEW_BY_ANOTHER", default=True)
ASSISTANT_MODEL = env.text("ASSISTANT_MODEL", "")  # empty: no model, and nothing is sent anywhere
ASSISTANT_MODEL_URL = env.text("ASSISTANT_MODEL_URL", "")
ASSISTANT_MODEL_KEY = env.text("ASSISTANT_MODEL_KEY", "")
ASSISTANT_MODEL_SEES_CPT = env.boolean("ASSISTANT_MODEL_SEES_CPT", default=False)
ASSISTANT_MODEL_SECONDS = env.integer("ASSISTANT_MODEL_SECONDS", 15, minimum=1)
ASSISTANT_MODEL_USER_DAILY = env.integer("ASSISTANT_MODEL_USER_DAILY", 20)
ASSISTANT_MODEL_DAILY = env.integer("ASSISTANT_MODEL_DAILY", 500)
ASSISTANT_MODEL_AT_ONCE = env.integer("ASSISTANT_MODEL_AT_ONCE", 2, minimum=1)

# --- Limits against floods (codes/limits.py); the meter never uses them ----------------------
RATELIMIT_SEARCH = env.rate("RATELIMIT_SEARCH", "60/m")
RATELIMIT_SUGGEST = env.rate("RATELIMIT_SUGGEST", "300/m")  # one for each pause in typing
RATELIMIT_FORMS = env.rate("RATELIMIT_FORMS", "20/m")
CASE_NOTES_OF_GUEST = env.rate("CASE_NOTES_OF_GUEST", "10/d")  # of a network: Case → codes
CASE_NOTES_OF_USER = env.rate("CASE_NOTES_OF_USER", "200/d")
RATELIMIT_API = env.rate("RATELIMIT_API", "120/m")  # programs without a token, by address
RATELIMIT_API_TOKEN = env.rate("RATELIMIT_API_TOKEN", "1200/m")  # all programs of one user

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "codes",
    "accounts",
    "assistant",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",  # for its copy of htmx; pages answer htmx as they answer anybody
    "django_structlog",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "casepilot_site.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "casepilot_site.logs.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.bearer.BearerMiddleware",
    "accounts.middleware.ViewQuotaMiddleware",
]
ROOT_URLCONF = "casepilot_site.urls"
WSGI_APPLICATION = "casepilot_site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casepilot_site.context.site",
                "codes.ama.context",
            ],
        },
    },
]

# --- Database, cache, task queue -------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
# A pool keeps connections (a new one costs 11 to 14 ms of CPU), the health check lets a request
# survive a database restart, and statements are prepared at their first use.
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] |= {
    "pool": {"min_size": 1, "max_size": env.integer("DATABASE_POOL_SIZE", 8, minimum=1)},
    "prepare_threshold": 1 if env.boolean("DATABASE_PREPARED_STATEMENTS", default=True) else None,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_redis_url = env.cache("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "casepilot_site.cache.AtomicDatabaseCache",
        "LOCATION": "casepilot_cache",
    }
    if _redis_url is None
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis_url}
}
SILENCED_SYSTEM_CHECKS = [
    # django-ratelimit knows only memcached and Redis as atomic; tests prove that our cache is, too.
    "django_ratelimit.W001",
    # Whether every subdomain speaks https only the owner of the domain knows; a wrong yes makes
    # them unreachable for a year. So HSTS_INCLUDE_SUBDOMAINS is theirs to set.
    "security.W005",
    "security.W021",
]

# --- Accounts --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:account"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "accounts.auth_forms.ResetPasswordForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the e-mail address changes
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost in the demo and in tests
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = False  # would write at every request; so its middleware is left out

# --- Mail ------------------------------------------------------------------------------------
# Every message is stored first and sent by a worker (accounts/mail.py); this is its way out.
EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
_demo_mail = f"file://{BASE_DIR / '.data' / 'mail'}"
MAIL_DELIVERY = env.mail("EMAIL_URL", _demo_mail if DEMO else "console://" if DEBUG else None)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <noreply@{_host}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", f"support@{_host}")  # where people can write to

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True

# --- Static files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".data" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600  # of the few files without a hash in their name

# --- Security --------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
GUEST_COOKIE_NAME = "__Host-guest" if HTTPS else "guest"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = GUEST_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
_hsts_subdomains = env.boolean("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and _hsts_subdomains
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Logs ------------------------------------------------------------------------------------
# Requests are logged without the client's address. The meter keeps addresses of guests as keyed
# hashes only; a login keeps the user's in plain text, for their list of sessions (UserSession).
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # a mistyped address is no event
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            # Of messages that do not come through structlog, such as Django's own.
            "foreign_pre_chain": [
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.format_exc_info,
            ],
        }
    },
    "filters": {"without_address": {"()": "casepilot_site.logs.WithoutAddress"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["without_address"],
        }
    },
    "loggers": {
        # Django leaves it to the server to drop the body of a HEAD; gunicorn warns of each one.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # Django's own handlers would say everything a second time, with the address.
        "django": {"handlers": []},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
