"""Brings Cairn up from nothing: Python, packages, PostgreSQL, the site, and down again. Knows nothing of Django.

`begin`, `arguments`, `progress`, `pythons`, `install` and `locks` run under any python3 from 3.6 on, before the
virtual environment exists; the rest is run by the environment's own Python. Standard library only, everywhere.
"""
