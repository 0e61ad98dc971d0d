"""The one settings file. What differs between installations comes from the environment (docs/operations.md)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from clausum.databases import read_cache, read_database
from clausum.env import env, read_allowed_hosts, read_debug, read_mode, read_networks, read_secret, read_signing_seed
from clausum.mail_server import read_mail_from, read_mail_server
from clausum.single_sign_on import read_single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent

MODE = read_mode()
DEBUG = read_debug(mode=MODE)
SECRET_KEY = read_secret("SECRET_KEY", mode=MODE)
API_KEY_PEPPER = read_secret("API_KEY_PEPPER", mode=MODE)
AUDIT_SIGNING_KEY = read_signing_seed("AUDIT_SIGNING_KEY", secret=SECRET_KEY)
ALLOWED_HOSTS = read_allowed_hosts(mode=MODE)
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "events",
    "mail",
    "accounts",
    "jobs",
    "transactions",
    "blocklists",
    "feeds",
    "assess",
    "clausum",
]

MIDDLEWARE = [
    "core.api.request_id.RequestIdMiddleware",
    "core.api.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # sessions are of pages alone: accounts.web.browser
]

ROOT_URLCONF = "clausum.urls"
WSGI_APPLICATION = "clausum.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "clausum.web.frame.frame",
            ],
            "libraries": {"ui": "core.web.templatetags.ui"},
        },
    }
]

DATABASES = {"default": read_database(env.str("DATABASE_URL", ""), mode=MODE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", "")
CACHES = {"default": read_cache(CACHE_URL)}
RATE_STORE_URL = CACHE_URL if urlsplit(CACHE_URL).scheme in {"redis", "rediss", "unix"} else ""

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# What AML rules ask of a bank (docs/operations.md); where the law asks for less, or for more, an installation says so.
MINIMUM_TRANSACTION_RETENTION_DAYS = env.int("MINIMUM_TRANSACTION_RETENTION_DAYS", 3653)
MINIMUM_PERSONAL_DATA_RETENTION_DAYS = env.int("MINIMUM_PERSONAL_DATA_RETENTION_DAYS", 365)
ACCESS_TOKEN_SECONDS = 900
PASSWORD_RESET_TIMEOUT = 3600
SIGN_IN_WINDOW_SECONDS = 900
SIGN_IN_FAILURES_PER_ACCOUNT = env.int("SIGN_IN_FAILURES_PER_ACCOUNT", 10)
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", 50)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = "clausum_session"
SESSION_COOKIE_AGE = 12 * 3600
"""An absolute end: after it, a person signs in anew however busy they are."""
SESSION_COOKIE_SECURE = MODE == "production"
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", 30)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "accounts.web.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.web.forms.LoginForm",
    "reset_password": "accounts.web.forms.ForgottenPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # who is invited by e-mail has shown that it is theirs
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # of guesses, accounts.services.begin_sign_in keeps the count
    "login_failed": "1000/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "30/m/user",
    "change_password": "10/m/user",
}
MFA_ADAPTER = "accounts.web.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "accounts.web.forms.AuthenticateForm",
    "reauthenticate": "accounts.web.forms.ReauthenticateForm",
    "activate_totp": "accounts.web.forms.ActivateTotpForm",
    "add_webauthn": "accounts.web.forms.AddPasskeyForm",
    "login_webauthn": "accounts.web.forms.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.web.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.web.forms.ReauthenticatePasskeyForm",
    "edit_webauthn": "accounts.web.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Clausum"
MFA_TOTP_TOLERANCE = 1  # a step of 30 s to either side (RFC 6238 §5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
SOCIALACCOUNT_ADAPTER = "accounts.web.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action 'self' would stop a form that leads to the provider
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = read_single_sign_on()
PUBLISHABLE_CALLS_PER_ADDRESS = env.int("PUBLISHABLE_CALLS_PER_ADDRESS", 100)

SMTP_SERVER = read_mail_server(env.str("SMTP_URL", ""))
MAIL_FROM = read_mail_from(env.str("MAIL_FROM", ""), server=SMTP_SERVER)
MAIL_FOLDER = env.str("MAIL_FOLDER", "")

TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES")
DATA_UPLOAD_MAX_MEMORY_SIZE = 300 * 1024
MAXIMUM_BODY_BYTES = 64 * 1024

IMPORT_MAXIMUM_BYTES = env.int("IMPORT_MAXIMUM_BYTES", 200 * 1024 * 1024)
IMPORT_MAXIMUM_ROWS = env.int("IMPORT_MAXIMUM_ROWS", 2_000_000)

ASSESS_DEADLINE_MS = env.int("ASSESS_DEADLINE_MS", 1000)

LANGUAGE_CODE = "es-mx"
LANGUAGES = [("es-mx", "Español (México)"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if MODE == "production" else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = MODE != "production"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "clausum.web.storage.HashedStaticFilesStorage"
        if MODE == "production"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if MODE == "production" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = MODE == "production"
SECURE_HSTS_PRELOAD = MODE == "production"
SECURE_SSL_REDIRECT = MODE == "production" and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health"]
_PROXY_SCHEME_HEADER = env.str("PROXY_SCHEME_HEADER", "")
SECURE_PROXY_SSL_HEADER = (_PROXY_SCHEME_HEADER, "https") if _PROXY_SCHEME_HEADER else None
CSRF_COOKIE_SECURE = MODE == "production"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "core.api.errors.handle_exception",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.DocumentedSchema",
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Clausum API",
    "VERSION": "1.3.0",
    "DESCRIPTION": "Assess payments before they leave, and manage what decides about them.",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "POSTPROCESSING_HOOKS": ["core.api.schema.add_shared_parts"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "init_extension": False,
        "use_notify": True,
        "wait_time_seconds": 0,
        "polling_interval": 1,
        "visibility_timeout": 900,
    }
    if CELERY_BROKER_URL.startswith("pgmq")
    else {"visibility_timeout": 900, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", 1)
"""Of the whole installation: fewer than its workers have processes, or small tasks wait behind long ones."""
JOB_REST = env.float("JOB_REST", 0.5)
"""How long jobs rest, for each second of work: what is left of the machine is for payments."""
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "seal-events": {"task": "events.tasks.seal_events", "schedule": timedelta(seconds=5)},
    "dispatch-events": {"task": "events.tasks.dispatch_events", "schedule": timedelta(seconds=15)},
    "check-chains": {"task": "events.tasks.check_chains", "schedule": timedelta(seconds=30)},
    "beat-heart": {"task": "events.tasks.beat_heart", "schedule": timedelta(seconds=15)},
    "send-mails": {"task": "mail.tasks.send_mails", "schedule": timedelta(seconds=15)},
    "purge-mails": {"task": "mail.tasks.purge_mails", "schedule": timedelta(days=1)},
    "run-jobs": {"task": "jobs.tasks.run_jobs", "schedule": timedelta(seconds=10)},
    "sum-up-busy": {"task": "transactions.tasks.sum_up_busy", "schedule": timedelta(seconds=2)},
    "snapshot-amounts": {"task": "transactions.tasks.snapshot_amounts", "schedule": timedelta(minutes=30)},
    "publish-due-policies": {"task": "assess.tasks.publish_due_policies", "schedule": timedelta(seconds=15)},
    "guard-rules": {"task": "assess.tasks.guard_rules", "schedule": timedelta(seconds=30)},
    "refresh-feeds": {"task": "feeds.tasks.refresh_feeds", "schedule": timedelta(minutes=1)},
    "purge-imports": {"task": "blocklists.tasks.purge_imports", "schedule": timedelta(hours=1)},
    "purge-expired": {"task": "assess.tasks.purge_expired", "schedule": timedelta(hours=1)},
    # By the hour: a clock that is restarted every day would never come to the end of a daily wait.
    "warn-of-expiring-keys": {"task": "accounts.tasks.warn_of_expiring_keys", "schedule": timedelta(hours=1)},
    "purge-accounts": {"task": "accounts.tasks.purge_expired", "schedule": timedelta(hours=1)},
}

LOGGING_CONFIG = None
