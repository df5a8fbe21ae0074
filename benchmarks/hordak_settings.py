"""Settings of a site that has nothing but django-hordak in it."""

import environ

SECRET_KEY = "only-for-benchmarks"  # noqa: S105
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"]
# Each of its migrations was written for an older default, and it is asked for nothing that it would change.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DEFAULT_CURRENCY = HORDAK_INTERNAL_CURRENCY = "USD"
CURRENCIES = HORDAK_CURRENCIES = ["USD"]
DATABASES = {"default": environ.Env().db_url("DATABASE_URL") | {"CONN_MAX_AGE": 600}}
