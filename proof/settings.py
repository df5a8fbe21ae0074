"""The site's settings for the proof: those of tests, with mail over real SMTP where CAIRN_PROOF_SMTP names a port."""

import os

from marketplace.settings import *  # noqa: F403
from marketplace.settings import PRODUCTION

if PRODUCTION:
    raise RuntimeError("The proof kills what it runs on: never in production.")

if port := os.environ.get("CAIRN_PROOF_SMTP"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": int(port), "timeout": 2},
        }
    }

# What is proved is that no cent is lost, at more than any person's pace.
LIMITS = dict.fromkeys(globals().get("LIMITS", {}), ())
