"""A process that tells, or sends, and dies on the way as if it were killed: run with a point and what it needs.

Points: told (the event is committed, nobody has passed it on), telling (all is written and not committed), claimed (an
email is claimed and not sent), sent (it is sent, and nobody has noted it). And worker: a real one, killed from outside.
"""

import os
import signal
import sys


def die(*args: object, **kwargs: object) -> None:
    """As `kill -9` does: at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, subject: str) -> None:
    import django
    from django.conf import settings

    django.setup()
    if point == "worker":
        work(int(subject))
    settings.MAILERS = to_folder(settings.OUTBOX_DIR)
    {"told": submit, "telling": submit, "claimed": send, "sent": send}[point](point, subject)


def to_folder(folder) -> dict:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(folder)},
        }
    }


def to_server(port: int) -> dict:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 20},
        }
    }


def work(port: int) -> None:
    from django.conf import settings
    from django.core.management import call_command

    settings.MAILERS = to_server(port)
    call_command("procrastinate", "worker")


def submit(point: str, contract: str) -> None:
    """Work is submitted; what listens to it, or what it does last, is death."""
    from contracts.demo import acts
    from contracts.models import Contract
    from notifications import receivers, telling

    if point == "told":
        receivers.tell = die
    else:
        real = telling._send_soon
        telling._send_soon = lambda *args, **kwargs: (real(*args, **kwargs), die())
    acts.submit(acts.step(Contract.objects.get(pk=contract), 1))


def send(point: str, post: str) -> None:
    from django.core.mail.backends.filebased import EmailBackend

    from notifications.sending import send_due

    real = EmailBackend.send_messages
    EmailBackend.send_messages = die if point == "claimed" else lambda *args: (real(*args), die())
    send_due(int(post))


if __name__ == "__main__":
    main(*sys.argv[1:])
