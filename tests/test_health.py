"""What machines ask of an installation, on a database in which something is wrong."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from contracts import timers
from contracts.models import Contract
from marketplace import clock, vitals
from tests.books import books_hold
from tests.factories import agreed, offered

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-tests"
BEAT = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')"
FAILED = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, priority)"
    " VALUES ('default', 'sweep', '{}', 'failed', 0)"
)


def as_owner_of_jobs(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def beat(ago: int = 0) -> None:
    as_owner_of_jobs(BEAT, ago)


def readiness(path: str = "/readyz") -> tuple[int, str, set[str]]:
    answer = Client().get(path)
    told = json.loads(answer.content)
    return answer.status_code, told["status"], set(told["unwell"])


def figures(page: str) -> dict[str, float]:
    """What /metrics says, without labels."""
    return {name: float(figure) for name, figure in re.findall(r"^(cairn_\w+) (\S+)$", page, re.MULTILINE)}


def test_healthz_answers_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_an_installation_that_works_is_ready():
    beat()
    assert readiness() == readiness("/readyz?all") == (200, "ready", set())


def test_without_a_worker_pages_are_still_served_and_it_is_said():
    beat(ago=600)
    assert readiness() == (200, "ailing", {"worker_silent_seconds"})
    assert readiness("/readyz?all") == (503, "not ready", {"worker_silent_seconds"})


def test_what_no_sweep_deals_with_is_said_and_what_is_frozen_is_not_waited_for():
    beat()
    deal = offered(1)
    clock.advance(timedelta(days=7, minutes=4))
    assert timers.overdue() == pytest.approx(240, abs=20)
    assert "sweep_overdue_seconds" not in readiness()[2]
    clock.advance(timedelta(minutes=4))
    assert "sweep_overdue_seconds" in readiness()[2]
    Contract.objects.filter(pk=deal.contract.pk).update(frozen_at=clock.now())
    assert timers.overdue() == 0


def test_what_was_given_up_and_what_nobody_was_told_is_said():
    beat()
    agreed(1)
    as_owner_of_jobs(FAILED)
    clock.advance(timedelta(minutes=10))
    assert {"jobs_failed", "events_untold_seconds"} <= readiness()[2]
    books_hold()


def test_a_database_that_is_away_is_not_ready_and_is_asked_once(own_database, monkeypatch, caplog):
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "HOST", os.devnull)
    status, said, unwell = readiness()
    assert (status, said) == (503, "not ready")
    assert unwell >= {"database_away", "worker_silent_seconds", "money_stopped"}
    assert [each.args for each in caplog.records if each.name == vitals.__name__] == [("database_away",)]


def test_a_database_that_lacks_a_migration_is_not_ready(monkeypatch):
    beat()
    monkeypatch.setattr(vitals, "_complete", [])
    as_owner_of_jobs("SET LOCAL ROLE NONE; DELETE FROM django_migrations WHERE (app, name) = ('notifications', "
                     "(SELECT max(name) FROM django_migrations WHERE app = 'notifications'))")  # fmt: skip
    assert readiness() == (503, "not ready", {"migrations_missing"})


@pytest.mark.parametrize("token", ["", TOKEN])
def test_metrics_are_for_who_knows_the_token(settings, token):
    settings.METRICS_TOKEN = token
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
        assert Client().get("/metrics", headers=headers).status_code == 404


def test_metrics_tell_of_requests_and_of_vitals(settings):
    settings.METRICS_TOKEN = TOKEN
    beat(ago=30)
    Client().get("/accounts/login/")
    page = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 29 <= figures(page)["cairn_worker_silent_seconds"] <= 60
    assert 'cairn_vital_ok{vital="money_stopped"} 1.0' in page
    assert 'cairn_request_seconds_count{method="GET",route="accounts/login/",status="200"}' in page


SEVERAL = """
import os
from marketplace.metrics import collected, observe
for number in range(3):
    if not os.fork():
        observe("GET", "x/", 200, 0.02)
        os._exit(0)
    os.wait()
print(collected().get_sample_value("cairn_request_seconds_count", {"method": "GET", "route": "x/", "status": "200"}))
"""


def test_each_process_answers_for_all_of_them(tmp_path):
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", SEVERAL], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3.0"], done.stderr
