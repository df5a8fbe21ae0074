#!/usr/bin/env python3
"""Starts Cairn, its tests or its command line on a fresh machine. Knows only where the launcher is."""

import sys

if sys.version_info < (3, 6):
    sys.exit("Cairn's launcher needs Python 3.6 or newer (Cairn itself 3.12): run it as python3 start.py")

from launcher import begin

sys.exit(begin.main(sys.argv[1:]))
