"""What of compose.yaml, the Dockerfile and deploy/ can be checked without an engine, and without starting anything."""

import json
import os
import re
import subprocess

import pytest

from contracts.operations.strays import ARRIVING
from launcher.postgres import binaries, cluster
from marketplace.tests.test_production import NEEDED, run
from tests.layout.composed import ROOT, asked_for, command, composed, environment, example, left_out, service

OURS = ("proxy", "web-one", "web-two", "worker", "migrate", "pooler", "mail")
SITE = ("web-one", "web-two", "worker", "migrate")
TRYING = {"STRIPE_API_BASE"}  # said to try an installation out
GIVEN = {name: value or "given" for name, value in example().items()}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SITE)
def test_each_process_of_the_site_is_told_what_production_does_not_start_without(name):
    told = environment(name, GIVEN, {})
    assert set(NEEDED) <= {key for key, value in told.items() if value}
    assert told["CAIRN_MODE"] == "production"


@pytest.mark.parametrize("name", SITE)
def test_production_takes_the_settings_that_compose_gives_it(name):
    long = dict.fromkeys(("SECRET_KEY", "CAIRN_WEB_PASSWORD", "CAIRN_OWNER_PASSWORD"), "k7Vq2x" * 10)
    address = {"CAIRN_HOST": "cairn.example", "CAIRN_URL": "https://cairn.example"}
    address |= {"CAIRN_READ_DATABASE_URL": "postgres://cairn_web:x@two.example/cairn?sslmode=verify-full"}
    told = environment(name, GIVEN | long | address | {"STRIPE_RETURN_URL": "https://cairn.example/"}, {})
    assert run("-c", "import marketplace.settings", **told).stderr == ""


@pytest.mark.parametrize("name", SITE)
def test_a_large_upload_arrives_on_its_volume_where_strays_are_discarded(name):
    told = environment(name, GIVEN, {})
    assert told["TMPDIR"] == f"{told['CAIRN_DATA']}/{ARRIVING}"
    assert f"data:{told['CAIRN_DATA']}" in service(name)["volumes"]


def test_production_takes_the_settings_that_static_files_are_collected_with():
    told = re.search(
        r"^RUN (CAIRN_MODE=.+?)/venv/bin/python manage.py collectstatic", DOCKERFILE, re.MULTILINE | re.DOTALL
    )
    words = told[1].replace("\\\n", " ").split()
    assert run("-c", "import marketplace.settings", **dict(word.split("=", 1) for word in words)).stderr == ""


def test_whatever_compose_asks_for_stands_in_the_example_and_the_other_way_round():
    assert asked_for().keys() - TRYING == example().keys() | left_out().keys()
    assert not example().keys() & left_out().keys()


def test_the_example_holds_no_secret():
    told = {name for name, value in example().items() if value}
    assert not {name for name in told if re.search("SECRET|PASSWORD|TOKEN|KEY", name)}


def test_what_has_to_be_filled_in_is_refused_while_it_is_empty_and_the_rest_is_not():
    has_to = (ROOT / "deploy" / "example.env").read_text().partition("# May stay as they are.")[0]
    refused = {name for name, default in asked_for().items() if default is None}
    assert refused == {name for name in example() if f"\n{name}=" in has_to}


@pytest.mark.parametrize("name", OURS)
def test_nobody_is_root_or_may_write_anywhere_or_become_more(name):
    said = service(name)
    assert said["user"] == "10001:10001"
    assert said["read_only"] is True
    assert (said["cap_drop"], said["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert said["tmpfs"]


def test_only_the_proxy_is_reached_from_outside_and_the_database_from_no_network_that_leads_there():
    ports = {name: said["ports"] for name, said in composed()["services"].items() if "ports" in said}
    assert {name for name, said in ports.items() if not said[0].startswith("127.0.0.1:")} == {"proxy"}
    assert composed()["networks"]["back"] == {"internal": True}
    assert service("database")["networks"] == service("pooler")["networks"] == ["back"]


def test_where_the_processors_are_busy_pages_come_before_the_worker():
    usual = 1024
    assert service("worker")["cpu_shares"] < service("web-one").get("cpu_shares", usual)


def test_only_migrate_knows_the_owner():
    for name in composed()["services"]:
        knows = "CAIRN_OWNER_PASSWORD" in json.dumps(service(name).get("environment", {}))
        assert knows == (name in {"migrate", "database"})


def test_pages_go_through_the_pooler_and_what_listens_does_not():
    web, worker = environment("web-one", GIVEN, {}), environment("worker", GIVEN, {})
    assert "@pooler:6432/" in web["DATABASE_URL"]
    assert "@database:5432/" in web["DIRECT_DATABASE_URL"]
    assert "@database:5432/" in worker["DATABASE_URL"]
    assert "DIRECT_DATABASE_URL" not in worker
    assert service("web-one") == service("web-two")


def elsewhere(name: str) -> dict:
    """A service where the database is a server of one's own."""
    own, over = service(name), composed("deploy/elsewhere.yaml")["services"].get(name, {})
    return own | over | {"environment": own.get("environment", {}) | over.get("environment", {})}


def test_with_a_database_elsewhere_nothing_needs_or_names_the_services_that_are_left_out():
    left_out = {name for name in composed()["services"] if elsewhere(name).get("profiles") == ["never"]}
    assert left_out == {"database", "pooler"}
    for name in set(OURS) - left_out:
        assert not left_out & set(elsewhere(name).get("depends_on", ()))
        assert not re.search("@(database|pooler):", json.dumps(elsewhere(name)["environment"]))
    assert elsewhere("web-one") == elsewhere("web-two")


@pytest.mark.parametrize("name", SITE)
def test_with_a_database_elsewhere_each_finds_it_and_knows_its_authority(name):
    assert "out" in elsewhere(name)["networks"]
    assert elsewhere(name)["volumes"] == ["${CAIRN_DATABASE_CA:?}:/database-ca.pem:ro"]
    direct = "${DIRECT_DATABASE_URL:-${DATABASE_URL:?}}"
    told = elsewhere(name)["environment"]
    assert told["DATABASE_URL"] == ("${DATABASE_URL:?}" if name.startswith("web") else direct)
    assert ("OWNER_DATABASE_URL" in told) == (name == "migrate")


def test_what_is_asked_for_elsewhere_is_said_there():
    text = (ROOT / "deploy" / "elsewhere.yaml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert asked | {"COMPOSE_FILE"} == set(re.findall(r"^#   ([A-Z_]+)=", text, re.MULTILINE))


def test_the_database_orders_and_compares_as_everywhere():
    told = set(service("database")["environment"]["POSTGRES_INITDB_ARGS"].split())
    major = int(re.match(r"postgres:(\d+)", service("database")["image"])[1])
    assert {"--encoding=UTF8", *cluster.locale(binaries.Binaries(ROOT, major))} <= told


def test_every_image_is_a_stage_that_ends_as_a_plain_user_and_starts_what_compose_starts():
    stages = {stage.partition("\n")[0].rpartition(" AS ")[2]: stage for stage in DOCKERFILE.split("\nFROM ")[1:]}
    for name in ("proxy", "web-one", "pooler"):
        stage = stages[service(name)["build"]["target"]]
        assert "\nUSER 10001:10001\n" in stage
        assert json.loads(stage.rpartition("CMD ")[2]) == command(name)
    assert "--require-hashes" in DOCKERFILE


def test_what_is_copied_or_mounted_is_there_and_no_secret_gets_into_an_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", "**/.env", ".git", ".cairn"} <= set(ignored)
    for script in ("proxy.sh", "pooler.sh", "login.sh", "fill.sh"):
        assert os.access(ROOT / "deploy" / script, os.X_OK)
    assert "deploy" not in ignored


def filled(template: str, **known: str) -> subprocess.CompletedProcess:
    script = ROOT / "deploy" / "fill.sh"
    environ = {"PATH": os.environ["PATH"], **known}
    return subprocess.run([script, template], env=environ, capture_output=True, text=True, check=False)


def test_a_template_is_filled_with_what_is_given_and_refused_without_it(tmp_path):
    template = tmp_path / "one.conf"
    template.write_text("listen ${HERE}; # $host ${HERE}${THERE}\nend\n")
    assert filled(template, HERE="a&b\\1", THERE="").stdout == "listen a&b\\1; # $host a&b\\1\nend\n"
    refused = filled(template, HERE="x")
    assert refused.returncode == 1
    assert "THERE is not set" in refused.stderr


@pytest.mark.parametrize(("name", "file"), [("proxy", "nginx.conf"), ("pooler", "pgbouncer.ini")])
def test_compose_says_all_that_a_configuration_file_asks_for(name, file):
    done = filled(ROOT / "deploy" / file, **environment(name, GIVEN, {}))
    assert (done.returncode, done.stderr) == (0, "")
    assert "${" not in done.stdout
