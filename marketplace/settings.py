"""Every setting of the site, read from the environment. Knows three modes: production, demo and test.

Production refuses to start without its secrets; the demo is what `start.py` runs; tests use a throw-away database.
"""

from decimal import Decimal
from pathlib import Path

import environ

from marketplace.mode import DEMO, MODE, PRODUCTION, env, given, hosts, kept_safe, secret_key
from marketplace.security_settings import *  # noqa: F403 - settings too, in a file of their own

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = False
SECRET_KEY = secret_key() if PRODUCTION else env.str("SECRET_KEY", default="only-for-demo-and-tests")
# Those of before, for as long as what they signed holds.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = hosts("ALLOWED_HOSTS") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_FAILURE_VIEW = "marketplace.views.form_outlived"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_DIR = Path(env.str("CAIRN_DATA", default=str(BASE_DIR / ".cairn")))

INSTALLED_APPS = [
    "marketplace",
    "escrow",
    "contracts",
    "notifications",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "marketplace.request_log.RequestLog",
    "marketplace.middleware.Headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.compressed.Compressed",
    "marketplace.middleware.OnlyUTF8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marketplace.sessions.SessionLife",
    "marketplace.middleware.SignInRequired",
    "marketplace.middleware.ActiveParty",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marketplace.busy.Busy",
    "marketplace.middleware.AsksAgain",
    "marketplace.staff.StaffSecondStep",
    "marketplace.standby.FromStandby",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The database: one server, two roles. `default` serves as the application's role, `owner` migrates.
TIMEOUTS = {"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}
# Seconds after which we give up ourselves, as the server then did not: on a statement, and on a COMMIT, which may wait
# for a standby that is gone.
PATIENCE = (40.0, env.float("CAIRN_COMMIT_SECONDS", default=10.0))


def database(role: str | None, variable: str = "DATABASE_URL", *, pooled: bool = False) -> dict:
    config = kept_safe(variable, env.db_url(variable)) if PRODUCTION else env.db_url(variable)
    options = {**config.pop("OPTIONS", {}), "connect_timeout": 5}
    if role and not pooled:  # for every connection that is made with these options, the worker's own included
        said = {**TIMEOUTS, "role": role}
        options |= {"options": " ".join(f"-c {name}={value}" for name, value in said.items())}
    return {
        **config,
        "ENGINE": config["ENGINE"].replace("django.db.backends.postgresql", "marketplace.impatient"),
        "PATIENCE": PATIENCE if role else (None, None),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600 if role else 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


# With DIRECT_DATABASE_URL, which leads to the server itself and hears it (LISTEN), DATABASE_URL leads to a pooler. That
# passes no options on: what it serves as, and for how long, the login brings along (marketplace/database_login.py).
POOLED = bool(env.str("DIRECT_DATABASE_URL", ""))
APPLICATION_ROLE = env.str("CAIRN_DATABASE_ROLE", default="cairn_app")
# Only migrations need the owner. Where it has a URL of its own, the login in DATABASE_URL can do nothing but serve.
OWNER_URL = "OWNER_DATABASE_URL" if env.str("OWNER_DATABASE_URL", "") else "DATABASE_URL"
DATABASES = {"default": database(APPLICATION_ROLE, pooled=POOLED), "owner": database(None, OWNER_URL)}
WEB_LOGIN = env.str("CAIRN_WEB_LOGIN", "" if OWNER_URL == "DATABASE_URL" else DATABASES["default"]["USER"])
DIRECT_DATABASE = database(APPLICATION_ROLE, "DIRECT_DATABASE_URL") if POOLED else {}
DATABASE_ROUTERS = ["marketplace.routers.OwnerMigrates"]
# A standby that pages which only show something may be read from: it, or a pooler before it (marketplace/standby.py).
if env.str("CAIRN_READ_DATABASE_URL", ""):
    DATABASES["standby"] = database(APPLICATION_ROLE, "CAIRN_READ_DATABASE_URL", pooled=POOLED)
    DATABASES["standby"]["OPTIONS"]["connect_timeout"] = 2
    DATABASES["standby"]["CONN_HEALTH_CHECKS"] = False  # what it is asked first is whether it can be believed
    DATABASE_ROUTERS.append("marketplace.routers.ReadsStandby")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "marketplace_cache",
        # Attempts at sign-in are counted in it: nobody gets rid of theirs by filling it up.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# The worker: a long sweep holds up nothing else, and what went well leaves no row behind.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 4, "delete_jobs": "successful", "shutdown_graceful_timeout": 5}

# People
AUTH_USER_MODEL = "marketplace.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "marketplace.passwords.NotOurWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
STAFF_IDLE_MINUTES = env.int("CAIRN_STAFF_IDLE_MINUTES", default=30)
MFA_ADAPTER = "marketplace.second_step.MFAAdapter"
MFA_FORMS = {
    "authenticate": f"marketplace.{'demo_' if DEMO else ''}codes.CodeForm",
    "reauthenticate": f"marketplace.{'demo_' if DEMO else ''}codes.CodeAgainForm",
}
ACCOUNT_ADAPTER = "marketplace.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "marketplace.forms.SignInForm",
    "signup": "marketplace.forms.SignUpForm",
    "reset_password": "marketplace.forms.ResetPasswordForm",
    "reset_password_from_key": "marketplace.forms.NewPasswordForm",
    "change_password": "marketplace.forms.ChangePasswordForm",
    "add_email": "marketplace.forms.AnotherEmailForm",
    "change_email": "marketplace.forms.ChangeEmailForm",
    "reauthenticate": "marketplace.forms.ConfirmPasswordForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"

# Mail: SMTP in production, a folder that /outbox/ shows in the demo.
OUTBOX_DIR = DATA_DIR / "outbox"
if PRODUCTION:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": given("SMTP_HOST"),
                "port": env.int("SMTP_PORT", default=587),
                "username": env.str("SMTP_USER", default=""),
                "password": env.str("SMTP_PASSWORD", default=""),
                "use_tls": env.bool("SMTP_TLS", default=True),
                "timeout": 10,
            },
        }
    }
elif DEMO:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(OUTBOX_DIR)},
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Cairn <cairn@localhost>")
ALARM_EMAILS = env.list("CAIRN_ALARM_EMAILS", default=[])  # beside staff: who is told when the books do not hold

# Where people reach the site: what links in mail begin with, and the name in the headers of mail.
SITE_URL = env.str(
    "CAIRN_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
).rstrip("/")

# Language, time, money
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
CURRENCY = "USD"

# What Cairn takes: of a release, and once for a contract. A contract keeps the figures that it was offered under.
SERVICE_FEE = Decimal(env.str("CAIRN_SERVICE_FEE", default="0.10"))
INITIATION_FEE = Decimal(env.str("CAIRN_INITIATION_FEE", default="4.95"))
SECOND_PERSON_ABOVE = Decimal(env.str("CAIRN_SECOND_PERSON_ABOVE", default="1000.00"))  # of finance, for acts of staff

# Days that each side has, by the name of the contract's column that keeps the figure (B21, B23, B24, B31, B40, B43).
TIMERS = {
    "offer_days": env.int("CAIRN_OFFER_DAYS", default=7),
    "review_days": env.int("CAIRN_REVIEW_DAYS", default=14),
    "refund_days": env.int("CAIRN_REFUND_DAYS", default=7),
    "hold_days": env.int("CAIRN_HOLD_DAYS", default=5),
    "bonus_days": env.int("CAIRN_BONUS_DAYS", default=30),
    "feedback_days": env.int("CAIRN_FEEDBACK_DAYS", default=14),
}

# Payments: the sandbox takes test numbers and moves no money, so production refuses to start with it.
GATEWAY = env.str("CAIRN_GATEWAY", default="stripe" if PRODUCTION else "sandbox")
if GATEWAY not in ({"stripe"} if PRODUCTION else {"stripe", "sandbox"}):
    raise environ.ImproperlyConfigured(
        f"CAIRN_GATEWAY is {GATEWAY!r}; it must be stripe, or sandbox outside production."
    )
GATEWAYS = {GATEWAY}
SANDBOX_DIR = DATA_DIR / "sandbox"
SANDBOX_WEBHOOK_SECRET = env.str("SANDBOX_WEBHOOK_SECRET", default=SECRET_KEY)
STRIPE = {}
if GATEWAY == "stripe":
    STRIPE = {
        "secret_key": given("STRIPE_SECRET_KEY"),
        "webhook_secret": given("STRIPE_WEBHOOK_SECRET"),
        "return_url": given("STRIPE_RETURN_URL"),  # where a payer comes back to after confirming
        "api_base": env.str("STRIPE_API_BASE", default=""),  # a stand-in for it, to try an installation out
    }

# Static files: compressed and immutable in production, found where they lie in demo and tests.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("CAIRN_STATIC", default=str(DATA_DIR / "static"))) if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# A plan of 200 opened rows has about 1,200 fields, and 5,000 characters per description in any script (B3).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 15 * 1024 * 1024

# Files are written to disk while they arrive; of more than a submission can have nothing is.
UPLOAD_LIMIT = 100 * 1024 * 1024 + DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_HANDLERS = [
    "marketplace.uploads.MeasuresWhatIsTooMuch",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "marketplace.uploads.KeepsOnDisk",
]
