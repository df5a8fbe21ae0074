"""The embedded PostgreSQL, with real servers: shared, side by side, and in awkward folders."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from launcher import environment
from launcher.postgres import Server, binaries
from tests.launcher.conftest import ROOT, ask, plain_environment, server_of, wait_until

SYSTEM = [path for path in binaries.places()[2:] if binaries.version(path)]


def test_a_server_starts_answers_stops_and_keeps_its_data(use, folder):
    first = use()
    url = first.url()
    assert ask(url, "CREATE TABLE kept AS SELECT 42 AS answer; SHOW listen_addresses") == "SELECT 1"
    assert ask(url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE((folder / "d/run").stat().st_mode) == 0o700
    first.end()
    assert server_of(folder / "d") == 0
    assert not (folder / "d/postgres/postmaster.pid").exists()
    assert ask(use().url(), "SELECT answer FROM kept") == "42"


def test_words_are_compared_by_all_of_unicode(use):
    assert ask(use().url(), "SELECT lower('ÄÉŁ'), 'ČERVEN' ILIKE 'červen'") == "äéł|t"


def test_started_twice_both_use_one_server_and_the_last_stops_it(use, folder):
    first, second = use(), use()
    assert first.url() == second.url()
    pid = server_of(folder / "d")
    first.end()
    assert server_of(folder / "d") == pid
    assert ask(f"postgres://cairn@/cairn?host={folder}/d/run", "SELECT 1") == "1"
    second.end()
    assert server_of(folder / "d") == 0


def test_two_checkouts_side_by_side(use, folder):
    urls = []
    for name in ("one", "two"):
        shutil.copytree(ROOT / "launcher", folder / name / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
        urls.append(use(folder / name / ".cairn", cwd=folder / name).url())
        ask(urls[-1], f"CREATE TABLE mine AS SELECT '{name}' AS name")
    assert [ask(url, "SELECT name FROM mine") for url in urls] == ["one", "two"]


@pytest.mark.parametrize("name", ["with some spaces", "comma, and 'quotes\"", "größer + 100 %"])
def test_awkward_names_of_folders(use, folder, name):
    url = use(folder / name).url()
    assert ask(url, "SELECT current_database()") == "cairn"
    assert server_of(folder / name)


def test_a_path_longer_than_a_socket_allows(use, folder):
    data = folder / ("long-" * 15) / ("longer-" * 15)
    first, second = use(data), use(data)
    url = first.url()
    sockets = Path(url.partition("host=")[2].replace("%2F", "/"))
    assert (len(str(sockets)) < 60, stat.S_IMODE(sockets.stat().st_mode)) == (True, 0o700)
    assert second.url() == url
    assert ask(url, "SELECT 1") == "1"
    first.end()
    second.end()
    assert not sockets.exists()


def test_a_socket_folder_that_somebody_else_made_is_refused(use, folder):
    data = folder / ("long-" * 30)
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to somebody else")
    first = use(data)
    sockets = Path(first.url().partition("host=")[2].replace("%2F", "/"))
    first.end()
    sockets.mkdir(mode=0o700)
    os.chown(sockets, 65534, 65534)
    assert f"{sockets} belongs to user 65534" in use(data).refusal()
    sockets.rmdir()


def test_a_throwaway_server_leaves_nothing(use, folder):
    one = use(folder / "d", "--throwaway")
    assert ask(one.url(), "SHOW fsync") == "off"
    one.end()
    assert not (folder / "d").exists()


def test_a_data_folder_of_another_major_version_is_refused_and_kept(use, folder):
    use().end()
    version = folder / "d/postgres/PG_VERSION"
    version.write_text("12\n")
    before = contents(folder / "d/postgres")
    said = use().refusal()
    assert "was made by PostgreSQL 12, and this Cairn brings 18. Nothing was changed" in said
    assert contents(folder / "d/postgres") == before


@pytest.mark.skipif(not SYSTEM, reason="the system has no PostgreSQL of its own")
def test_the_systems_own_programs_serve_where_no_wheel_fits(use, folder):
    one = use(None, "--programs", str(SYSTEM[0]))
    assert ask(one.url(), "CREATE TABLE kept (); SHOW server_version_num").splitlines()
    one.end()
    if binaries.version(SYSTEM[0]) != binaries.find().major:
        assert "Nothing was changed" in use().refusal()
    assert ask(use(None, "--programs", str(SYSTEM[0])).url(), "SELECT count(*) FROM kept") == "0"


def test_no_programs_at_all_is_a_sentence(folder):
    with pytest.raises(Exception, match="DATABASE_URL=postgres://"):
        binaries.find([folder])


def test_a_folder_that_is_no_cluster_is_left_alone(use, folder):
    (folder / "d/postgres").mkdir(parents=True)
    (folder / "d/postgres/diary.txt").write_text("dear diary")
    assert "is no PostgreSQL cluster" in use().refusal()
    assert (folder / "d/postgres/diary.txt").read_text() == "dear diary"


def test_with_database_url_no_embedded_server_is_touched(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/thing")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with environment.site(folder / "d", "demo") as environ:
        assert environ["DATABASE_URL"] == "postgres://somebody@elsewhere/thing"
        assert [path.name for path in (folder / "d").iterdir()] == ["secret_key"]


def test_inside_one_process_the_server_is_a_with_block(folder):
    with Server(folder / "d") as server:
        assert server.is_running()
        assert ask(server.url, "SELECT 1") == "1"
    assert not server.is_running()


def test_too_little_room_is_a_sentence(folder):
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    script = 'mount -t tmpfs -o size=40m small "$1" && shift && exec "$@"'
    words = ["unshare", "--mount", "sh", "-c", script, "sh", str(folder)]
    words += [binaries_python(), "-m", "launcher.postgres", "--data", str(folder / "d")]
    said = subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT, env=plain_environment())
    assert said.returncode == 1
    assert said.stderr.startswith("Cairn: There are less than 200 MB free")


def binaries_python() -> str:
    return str(ROOT / ".venv/bin/python")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_server_stops_when_its_only_user_is_killed(use, folder):
    one = use()
    one.url()
    one.kill()
    wait_until(lambda: server_of(folder / "d") == 0)
