"""The launcher's own command line."""

import re

import pytest

from benchmarks.__main__ import arguments as of_bench
from launcher import arguments
from launcher.progress import Stop
from proof.__main__ import arguments as of_prove


def parsed(*words: str, **environ: str):
    options = arguments.parse(words, environ)
    return options.verb, options.port, options.data.rpartition("/")[2], options.rest


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ([], ("run", None, ".cairn", [])),
        (["--port", "9000"], ("run", 9000, ".cairn", [])),
        (["--port=9000", "--data", "there"], ("run", 9000, "there", [])),
        (["run", "--data=there"], ("run", None, "there", [])),
        (["test", "-k", "plan", "--data", "x"], ("test", None, ".cairn", ["-k", "plan", "--data", "x"])),
        (["--data", "there", "manage", "migrate", "--plan"], ("manage", None, "there", ["migrate", "--plan"])),
        (["manage", "--data", "there", "shell"], ("manage", None, "there", ["shell"])),
        (["prove", "--quick"], ("prove", None, ".cairn", ["--quick"])),
        (["manage", "--help"], ("manage", None, ".cairn", ["--help"])),
        (["manage", "test"], ("manage", None, ".cairn", ["test"])),
        (["setup", "--dev"], ("setup", None, ".cairn", [])),
        (["--help"], ("help", None, ".cairn", [])),
    ],
)
def test_the_launcher_takes_its_own_words_and_hands_on_the_rest(words, meaning):
    assert parsed(*words) == meaning


@pytest.mark.parametrize("parser", [of_prove(), of_bench()], ids=["prove", "bench"])
def test_the_help_names_all_that_is_handed_on(parser):
    told = " ".join(line for line in arguments.HELP.splitlines() if line.startswith(parser.prog))
    assert set(re.findall(r"--\w+", told)) == set(re.findall(r"--\w+", parser.format_usage())) != set()


def test_the_data_folder_may_come_from_the_environment_and_is_absolute():
    assert parsed(CAIRN_DATA="/somewhere/else")[2] == "else"
    assert arguments.parse(["--data", "here"], {}).data.startswith("/")


@pytest.mark.parametrize("words", [["--port"], ["--port", "http"], ["--port", "70000"], ["--data="], ["tset"], ["-x"]])
def test_what_makes_no_sense_is_refused_in_a_sentence(words):
    with pytest.raises(Stop):
        arguments.parse(words, {})
