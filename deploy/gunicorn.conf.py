"""How gunicorn serves the site: processes and threads, how it ends, its lines. Knows no page.

CAIRN_BIND, CAIRN_PROCESSES, CAIRN_THREADS, PROMETHEUS_MULTIPROC_DIR and TMPDIR are the environment's.
"""

import os
import shutil
from pathlib import Path

from prometheus_client import multiprocess

FIGURES = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
ARRIVING = os.environ.get("TMPDIR", "")

bind = os.environ.get("CAIRN_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("CAIRN_PROCESSES", "2"))
threads = int(os.environ.get("CAIRN_THREADS", "4"))
preload_app = False  # each process asks the database at its start whether its login may serve
graceful_timeout = 30  # longer than any statement may take, so that whoever was being answered is
timeout = 60
forwarded_allow_ips = ""  # what the proxy says is the site's to read, from whatever address it says it
keepalive = 0  # the proxy makes a connection for each request
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108, a heartbeat that never waits for a disk
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "marketplace.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


def on_starting(server: object) -> None:
    """Figures of processes that are long gone are nobody's; uploads arrive in a folder that a new volume lacks."""
    if ARRIVING:
        Path(ARRIVING).mkdir(mode=0o700, exist_ok=True)
    if FIGURES:
        shutil.rmtree(FIGURES, ignore_errors=True)
        Path(FIGURES).mkdir(parents=True)


def child_exit(server: object, worker: object) -> None:
    """A process that has ended is not counted among the living."""
    if FIGURES:
        multiprocess.mark_process_dead(worker.pid)
