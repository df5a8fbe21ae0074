"""The settings that guard: headers, cookies, sessions, limits, logs. `settings.py` takes in all of them.

What each is there for, and the figures: docs/decisions/0013-sessions-and-limits.md.
"""

from django.utils.csp import CSP

from marketplace.mode import MODE, PRODUCTION, env

MINUTE, HOUR, DAY = 60, 3_600, 86_400

# What a browser may do with our pages (docs/decisions: no exception anywhere).
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" breaks the CSRF check under HTTPS
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
# Machines ask for the first behind the proxy; what gateways call refuses plain HTTP by itself.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$", r"^payments/webhooks/"]
METRICS_TOKEN = env.str("CAIRN_METRICS_TOKEN", default="")  # who knows it may read /metrics; nobody without one
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page

# A browser may use none of these in our pages.
PERMISSIONS_POLICY = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

# A session ends two weeks after its sign-in whatever happens in it, and after three days in which nobody came.
SESSION_COOKIE_AGE = 14 * DAY
SESSION_IDLE_SECONDS = env.int("CAIRN_IDLE_HOURS", default=72) * HOUR
SESSION_SEEN_EVERY = HOUR  # how exactly that is known: a session is written no oftener
USERSESSIONS_TRACK_ACTIVITY = False

# What moves money out, or changes a sign-in, asks for the password or a code again after this long.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("CAIRN_REAUTHENTICATION_MINUTES", default=15) * MINUTE

# How many proxies of our own stand before the site: the client's address is the one that the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("CAIRN_PROXIES", default=1 if PRODUCTION else 0)

# At the doors, by address and by what was typed; each process counts in the one cache, which is the database.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key", "signup": "20/m/ip", "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip", "change_password": "5/m/user", "manage_email": "10/m/user",
    "reauthenticate": "10/m/user", "confirm_email": "1/180s/key",
}  # fmt: skip

# How often one person may do a thing (marketplace/limits.py): so many in so many seconds, each of them kept to.
LIMITS = {
    "offers": [(10, 10 * MINUTE), (50, DAY)],
    "proposals": [(10, 10 * MINUTE), (50, DAY)],
    "change_requests": [(20, 10 * MINUTE), (200, DAY)],
    "uploads": [(100, HOUR)],  # files
    "parties": [(5, HOUR), (20, DAY)],
    "invitations": [(20, HOUR), (50, DAY)],
    "payment_methods": [(5, 10 * MINUTE), (20, DAY)],  # what cards are tried out with
    "withdrawals": [(10, HOUR)],
    "email_changes": [(5, HOUR)],
    "exports": [(30, 10 * MINUTE)],
    "own_data": [(3, HOUR), (10, DAY)],  # everything of somebody, in one file
}

# Days after which what nobody needs any more is deleted by itself (marketplace/privacy, docs/privacy.md).
KEPT_DAYS = {
    "notices": env.int("CAIRN_NOTICE_DAYS", default=365),
    "invitations": env.int("CAIRN_INVITATION_DAYS", default=90),  # their addresses, once answered or run out
    "sign_ups": env.int("CAIRN_SIGN_UP_DAYS", default=30),  # whose email nobody ever confirmed
}

# One JSON line for each request and each security event (marketplace/logs.py); the demo's are for people.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "marketplace.logs.JsonLines"},
        "line": {
            "()": "marketplace.logs.ReadableLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"cairn": {"level": "WARNING" if MODE == "test" else "INFO"}},
}
