"""Django settings: they need no file and no variable to start; the environment overrides what a site must choose."""

import os
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from muster.config import postgres
from muster.config.home import home, secret

TESTING = os.environ.get("MUSTER_TESTING") == "1"
DEBUG = os.environ.get("MUSTER_DEBUG") == "1"
SECRET_KEY = os.environ.get("MUSTER_SECRET_KEY") or secret("django")
ALLOWED_HOSTS = [name for name in os.environ.get("MUSTER_HOSTS", "").split(",") if name] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MUSTER_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("MUSTER_TLS") == "1"

MUSTER_HOME = home()
MUSTER_KEYS = Path(os.environ.get("MUSTER_KEYS") or MUSTER_HOME / "keys")


def _database() -> dict[str, object]:
    """Return the database of ``DATABASE_URL``, or the embedded one of the data folder."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return dict(postgres.connection(postgres.cluster(durable=not TESTING)))
    parts = urlsplit(url)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,  # kept for good: one that the database has dropped is seen by the check
        "CONN_HEALTH_CHECKS": True,
        **_database(),
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "procrastinate.contrib.django",
    "muster.keys",
    "muster.events",
    "muster.audit",
    "muster.units",
    "muster.people",
    "muster.register",
    "muster.survey",
    "muster.plan",
    "muster.capture",
    "muster.processing",
    "muster.card",
    "muster.account",
    "muster.incidents",
    "muster.reporting",
    "muster.rehearsal",
    "muster.jobs",
]
AUTH_USER_MODEL = "people.Officer"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "muster.web.accounts.browsers.Officers"]
SESSION_ENGINE = "muster.web.accounts.browsers"
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),  # a test has no password to protect
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
    {
        "NAME": _VALIDATION + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
]
OTP_TOTP_ISSUER = "Muster"
AXES_HANDLER = "muster.web.accounts.limits.Handler"  # adds up the failures of one name from everywhere
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # our own audit tells it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "muster.web.accounts.limits.name_key"
AXES_CLIENT_IP_CALLABLE = "muster.web.accounts.limits.address"
AXES_LOCKOUT_CALLABLE = "muster.web.accounts.limits.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "csrfmiddlewaretoken"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "muster.web.security.middleware",
    "muster.web.language.middleware",
    "muster.web.refusals.Refusals",
    "muster.web.accounts.doors.Doors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "muster.config.urls"
WSGI_APPLICATION = "muster.config.wsgi.application"

_SOURCE = Path(__file__).resolve().parent.parent
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_SOURCE / "web" / "templates", _SOURCE / "ui" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "muster.config.jinja.environment",
            "context_processors": ["muster.web.frame.processor"],
        },
    },
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [_SOURCE / "ui" / "static", ("fonts", files("fontpkg_be_vietnam_pro") / "files")]
WHITENOISE_USE_FINDERS = True  # small files, served from the package: nothing to collect before the first start
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MIMETYPES = {".ttf": "font/ttf"}
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000  # a year: every address carries a mark of its content

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "muster.web.errors.expired"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
