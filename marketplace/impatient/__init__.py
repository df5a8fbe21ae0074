"""PostgreSQL as Django knows it, but that nobody waits for an answer for ever. An ENGINE of DATABASES."""
