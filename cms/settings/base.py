"""What every way of running shares. Values of the environment come through ``ENV`` only."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.settings.environment import ROOT, Environment

BASE_DIR = ROOT
VAR = ROOT / "var"
FLOORS = ("core", "startups", "pilots", "search", "cms")

INSTALLED_APPS = [
    "core",
    "core.accounts",
    "core.taxonomy",
    "core.workflow",
    "core.audit",
    "core.notifications",
    "core.following",
    "core.files",
    "core.drafts",
    "core.privacy",
    "startups",
    "pilots",
    "search",
    "cms",
    "cms.pages",
    "cms.demo",
    "cms.opendata",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.dashboards.users.PeopleConfig",  # wagtail.users, with our pages for people
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "cms.dashboards",  # after the administration, whose mails it replaces
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_q",
    "django_htmx",
    "csp",
    "django.forms",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cms.view_counting.ViewCountingMiddleware",
    "cms.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.locale.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.accounts.middleware.StaffSecondFactorMiddleware",
    "cms.refusals.RefusalMiddleware",
]
# How long views of listings are counted in memory before they are written together.
VIEWS_KEPT_SECONDS = 120

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["cms.templatetags.text"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.taxonomy.context.city",
                "cms.context.site",
            ],
        },
    }
]
FORM_RENDERER = "cms.forms.Renderer"

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "core.accounts.passwords.GuessableValidator"},
]

# ---- languages and time -------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"

# ---- Wagtail ------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Banc d’essai"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 3
# Wagtail would send the mails of comments itself, beside the outbox: in one language, unseen by
# staff, and to addresses that are closed.
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "/fr/compte/login/"
WAGTAILADMIN_LOGIN_URL = "account_login"
# Address and password change on the pages of one's account, where the new address is confirmed
# and the old one told.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Pictures of people are not asked of a third party, which would learn who works here.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace"
TASKS = {"default": {"BACKEND": "core.queue_backend.DjangoQBackend"}}

# ---- accounts (django-allauth) ------------------------------------------------------------------
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code, typed where it was asked for, serves the same on a phone and on another machine; a link
# is opened by filters of mail before the person reads it.
CODE_SERVES_SECONDS = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SERVES_SECONDS
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# To change the address on that page is offered for a new account alone: it would tell.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SERVES_SECONDS
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SERVES_SECONDS
ACCOUNT_LOGIN_TIMEOUT = CODE_SERVES_SECONDS
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    name: f"core.accounts.forms.security.{form}"
    for name, form in (
        ("signup", "SignupForm"),
        ("login", "LoginForm"),
        ("request_login_code", "RequestLoginCodeForm"),
        ("change_password", "ChangePasswordForm"),
        ("set_password", "SetPasswordForm"),
        ("reset_password_from_key", "ResetPasswordKeyForm"),
    )
}
# By address on the network, and by account; counted in the cache, which processes share.
ACCOUNT_RATE_LIMITS: Any = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
    "request_login_code": "20/h/ip,5/h/key",
    "confirm_email": "1/10s/key,5/h/key",
    "change_password": "5/m/user",
    "manage_email": "10/h/user",
    "reauthenticate": "10/m/user",
}
SOCIALACCOUNT_ADAPTER = "core.accounts.oidc.SocialAdapter"
# An address that the provider has checked opens the account that has it; see core/accounts/oidc.py.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "core.accounts.forms.security.AddKeyForm"}
MFA_TOTP_ISSUER = "Banc d’essai"
# Clocks of phones drift: the code before and the one after serve too.
MFA_TOTP_TOLERANCE = 1

# ---- security -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# Wagtail lets its own previews into its frames, response by response.
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# ---- files --------------------------------------------------------------------------------------
_leaflet = find_spec("leaflet")
STATICFILES_DIRS: list[Any] = []
if _leaflet is not None and _leaflet.origin:
    # The installed app needs GDAL; its folder of static files does not.
    STATICFILES_DIRS = [Path(_leaflet.origin).parent / "static"]
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
# Never under a public address: copies of personal data, handed out by a view alone.
PRIVATE_ROOT = VAR / "private"
MIGRATION_MODULES: dict[str, Any] = {}

QUEUE: dict[str, Any] = {
    "name": "banc-dessai",
    "orm": "default",
    "workers": 1,
    "bulk": 1,
    "queue_limit": 4,
    # A task longer than ``retry`` would run twice: the retry waits well beyond the timeout.
    "timeout": 240,
    "retry": 600,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.5,
    "save_limit": 500,
    "label": "Queue",
}


def database(env: Environment) -> dict[str, dict[str, Any]]:
    """The database of ``DATABASE_URL``, with what each engine needs."""
    config: dict[str, Any] = dict(dj_database_url.parse(env.database_url))
    config["CONN_MAX_AGE"] = 60
    if config["ENGINE"] == "django.db.backends.sqlite3":
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # Readers never wait for the writer, and a writer takes its lock when it begins:
        # a read that becomes a write half-way could not wait, it would fail.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        }
    return {"default": config}


# Attempts are counted in the cache: one that is full forgets some, and whoever tries on many
# addresses would be counted afresh. Django keeps 300 otherwise.
MOST_CACHED = 100_000


def caches(env: Environment) -> dict[str, dict[str, Any]]:
    """Redis when there is one, else this process's memory."""
    if env.redis_url:
        return {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": env.redis_url,
            }
        }
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": MOST_CACHED},
        }
    }


def identity_provider(env: Environment) -> dict[str, Any]:
    """allauth's settings for the provider of ``OIDC_*``; none without it."""
    if not env.oidc_server_url:
        return {}
    app = {
        "provider_id": "sso",
        "name": env.oidc_name,
        "client_id": env.oidc_client_id,
        "secret": env.oidc_client_secret,
        "settings": {"server_url": env.oidc_server_url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def sessions(env: Environment) -> str:
    """Where sessions are read: a memory that only one process has would be read out of date."""
    name = "cached_db" if env.redis_url else "db"
    return f"django.contrib.sessions.backends.{name}"


def mail(env: Environment) -> dict[str, Any]:
    """Django's mail settings for ``EMAIL_URL``; by default files under ``var/mail``."""
    if not env.email_url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": VAR / "mail",
        }
    url = urlsplit(env.email_url)
    if url.scheme == "filemail":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": url.path,
        }
    if url.scheme == "anymail":
        return {"EMAIL_BACKEND": f"anymail.backends.{url.hostname}.EmailBackend"}
    if url.scheme == "consolemail":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own writes only when DEBUG is on: a fault in production would leave no trace.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # One line for every task enqueued would bury what matters.
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
