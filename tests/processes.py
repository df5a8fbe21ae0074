"""What a process of a test's own is started with, so that it works on the test's database and data."""

import os

from django.conf import settings
from django.db import connections


def environment() -> dict[str, str]:
    """The suite's environment, with this test's own database and sandbox."""
    before, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connections["default"].settings_dict["NAME"]
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "CAIRN_DATA": str(settings.SANDBOX_DIR.parent),
        "DATABASE_URL": f"{before.rpartition('/')[0]}/{name}{question}{options}",
    }
