"""Django's settings. What a person may choose comes from `environment`."""

from pathlib import Path
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from tutelage.config import environment, keys, logging
from tutelage.config.accounts import *  # noqa: F403  # Django reads settings from this module alone

ENV: Final = environment.read()
SOURCE: Final = Path(__file__).parents[1]
KEYS: Final = keys.keys_of(ENV)
HOME: Final = ENV.tutelage_home
TESTING: Final = ENV.tutelage_profile == "test"

SECRET_KEY = KEYS.secret
ENCRYPTION_KEYS = KEYS.encryption
DEBUG = False
BASE_URL = ENV.address
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [ENV.hostname, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [SOURCE / "locale"]
ROOT_URLCONF = "tutelage.config.urls"
WSGI_APPLICATION = "tutelage.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
SITE_NAME = ENV.site_name

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "lucide",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "tutelage.domain.journal",
    "tutelage.domain.people",
    "tutelage.domain.programs",
    "tutelage.domain.sessions",
    "tutelage.domain.logs",
    "tutelage.domain.scheduling",
    "tutelage.domain.meetings",
    "tutelage.domain.attendance",
    "tutelage.domain.feedback",
    "tutelage.domain.notifications",
    "tutelage.domain.imports",
    "tutelage.domain.insights",
    "tutelage.config",
    "tutelage.web",
]
MIDDLEWARE = [
    "tutelage.api.problems.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tutelage.web.middleware.CompressedPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tutelage.web.middleware.LocaleAndZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tutelage.web.middleware.LoginRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tutelage.web.errors.DomainErrorMiddleware",
    "tutelage.config.troubles.TroubleMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tutelage.web.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "tutelage.web.templatetags.tutelage",
                "tutelage.web.templatetags.quick",  # last: stands for two of Django's own
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]
COTTON_DIR = "components"

_database = conninfo_to_dict(ENV.database_url or ENV.home.embedded_database_url())
DATABASES = {
    "default": {
        "ENGINE": "tutelage.config.postgresql",
        "NAME": _database.pop("dbname", "tutelage"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        # Planning is most of a query's cost: keep connections, and plan each query once.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 1,
            # A list joins nine tables. From the ninth on PostgreSQL would join them as written,
            # all rows of all of them, before it looks at who is asking.
            # And a page reads so little that to start helpers for it takes longer than to read it.
            "options": "-c join_collapse_limit=12 -c from_collapse_limit=12"
            " -c max_parallel_workers_per_gather=0",
            # A server that is gone without a word is noticed in a minute.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            **_database,
        },
    }
}
CACHES: dict[str, dict[str, Any]] = {
    # Limits have to hold across processes; allauth keeps its own in the default cache.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        # Past this many entries the table is thinned out at random, and limits with it.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    "product": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.redis_url}
        if ENV.redis_url
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home.static
MEDIA_ROOT = ENV.home.files
STATICFILES_DIRS = [SOURCE / "web" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tutelage.web.stylesheet.StyleSheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Tests are served from the sources, without collecting them first.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has anything to read here
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TESTING

AUTHENTICATION_BACKENDS = ["tutelage.web.accounts.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SIGNUP = ENV.signup
SESSION_ENGINE = "tutelage.domain.people.logins"
SESSION_COOKIE_NAME = "__Host-login" if SECURE else "login"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "tutelage.web.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

# Without a mail server the mails are kept as files, where an administrator can read them.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.smtp_host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = ENV.home.mails
EMAIL_HOST = ENV.smtp_host
EMAIL_PORT = ENV.smtp_port or {"none": 25, "starttls": 587, "tls": 465}[ENV.smtp_security]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.smtp_user, ENV.smtp_password
EMAIL_USE_TLS = ENV.smtp_security == "starttls"
EMAIL_USE_SSL = ENV.smtp_security == "tls"
EMAIL_TIMEOUT = 15
MAIL_DOMAIN = ENV.hostname
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from or f"{SITE_NAME} <noreply@{ENV.hostname}>"
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy that speaks TLS redirects to it; we might send round in circles
    "security.W021",  # whether browsers preload a domain is for its owner to say
]
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None

LOGGING = logging.LOGGING
WEB_THREADS = ENV.web_threads  # more only lengthen the longest waits
# Networks of one's own that outgoing requests may reach, as CIDR: none unless said.
HTTP_ALLOWED_NETWORKS = list(ENV.http_allowed_networks)
