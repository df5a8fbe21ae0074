"""Which of the three modes the site runs in: production, demo or test. Knows the environment, and no setting."""

import environ

env = environ.Env()

MODE = env.str("CAIRN_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise environ.ImproperlyConfigured(f"CAIRN_MODE is {MODE!r}; it must be production, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
