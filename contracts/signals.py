"""The one signal of contracts: an event was recorded. What is made of it is decided by those who listen."""

from django.dispatch import Signal

event_recorded = Signal()  # sent after the commit, robustly, with `event`
