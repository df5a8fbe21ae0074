"""The site as a WSGI application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from marketplace.database_login import refuse_powerful_login

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
application = get_wsgi_application()
if settings.PRODUCTION:
    refuse_powerful_login()
