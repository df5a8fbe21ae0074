"""What the worker does by itself, and when. Knows no rule: it only says that it is time to look."""

import logging

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from contracts import timers
from contracts.operations.strays import discard_strays

logger = logging.getLogger(__name__)
EVERY_MINUTE, EVERY_NIGHT = "* * * * *", "30 3 * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Do what has come due. One sweep waits at most, however long another takes."""
    timers.sweep()


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="discard_strays", queueing_lock="discard_strays")
def discard_stray_files(timestamp: int) -> None:
    """Delete what a crash left behind of files that nobody handed in after all."""
    discard_strays()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give every job whose worker has died to another one."""
    jobs = app.job_manager
    for job in await jobs.get_stalled_jobs():
        logger.warning("The worker of job %s (%s) has died: once more.", job.id, job.task_name)
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # another one of its kind waits already
            await jobs.finish_job(job, Status.ABORTED, delete_job=True)
