"""What the worker does for the books by itself: checks them each hour, seals what came, tells staff. Knows no rule."""

import logging
from datetime import UTC, datetime

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from escrow import alarm
from escrow.checking import check_books, seal
from escrow.operations import forgetting

logger = logging.getLogger(__name__)
EVERY_HOUR, THOROUGH = "7 * * * *", 3  # at this hour (UTC) everything that was ever sealed is read again


@app.periodic(cron=EVERY_HOUR)
@app.task(name="check_books", queueing_lock="check_books")
def check(timestamp: int) -> None:
    """Ask every invariant, then seal. A run that finds something wrong stops money."""
    check_books(thorough=datetime.fromtimestamp(timestamp, UTC).hour == THOROUGH)
    try:
        seal()
    except OperationalError:
        logger.warning("Nothing was sealed: somebody was in the middle of a journal. The next hour does it.")


@app.task(name="tell_staff", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def tell_staff(run: int) -> None:
    """Tell staff of a check, again and again until a mail server takes it."""
    alarm.tell_staff(run)


@app.task(name="forget_method", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def forget_method(method: int) -> None:
    """Have the provider forget a payment method, again and again until it does."""
    forgetting.forget_method(method)
