"""The benchmarks' own parts: arms that take turns, ratios round by round, verdicts, and the page that says all of it.

What is measured at length (`python3 start.py bench`) is not measured here, and no time is asserted.
"""

import json

import pytest

from benchmarks import benches, pgbench, report
from benchmarks.arms import alternate, ratios
from benchmarks.operations_sql import TRANSACTIONS, functions, in_one_call, one_by_one
from benchmarks.plan import Figure, Result
from benchmarks.run import Run
from benchmarks.targets import BY_KEY, TARGETS
from launcher import arguments


def measured(*values: float, target: str = "ledger.pgbench") -> Result:
    return Result("ledger", figures=[Figure(target, "4 at once", list(values))])


def test_each_arm_works_once_a_round_and_is_compared_within_it():
    worked: list[str] = []

    def arm(name: str, figures: list[float]):
        return lambda: worked.append(name) or figures.pop(0)

    rounds = alternate({"ours": arm("ours", [10, 40, 90]), "theirs": arm("theirs", [10, 20, 30])}, 3)
    assert ratios(rounds, "ours", "theirs") == [1, 2, 3]
    assert [set(worked[place : place + 2]) for place in (0, 2, 4)] == [{"ours", "theirs"}] * 3


@pytest.mark.parametrize(
    ("target", "values", "said"),
    [
        ("ledger.pgbench", [0.1, 0.7, 0.9], "met"),
        ("ledger.pgbench", [0.6, 0.69, 3.0], "**missed**"),
        ("lists.growth", [1.5, 1.5, 9.0], "met"),
        ("lists.growth", [0.1, 1.51, 1.6], "**missed**"),
        ("lists.offset", [0.0], "met"),
        ("ledger.orm", [0.1], ""),
    ],
)
def test_the_median_says_whether_a_target_is_met(target, values, said):
    assert report.verdict(BY_KEY[target], Figure(target, "", values)) == said


def test_the_table_names_every_target_and_the_reason_of_one_that_is_missed(monkeypatch, tmp_path):
    (tmp_path / "reasons.json").write_text(json.dumps({"ledger.pgbench": "It is far.", "ledger.hot": "Not here."}))
    monkeypatch.setattr(report, "REASONS", tmp_path / "reasons.json")
    lines = report.table([measured(0.5, 0.6, 0.65)]).splitlines()[2:]
    assert len(lines) == len(TARGETS)
    assert lines[0].endswith("| 0.5 | 0.6 | 0.65 | **missed** | It is far. |")
    assert sum("not measured" in line for line in lines) == len(TARGETS) - 1
    assert "It is far." not in report.table([measured(0.8)])
    assert report.UNWRITTEN in report.table([measured(9.0, target="growth.read")])


def test_the_page_says_when_where_and_how_to_repeat_it_and_is_the_same_from_what_is_kept(tmp_path):
    one = measured(1.0)
    one.notes, one.missing, one.seconds = ["pgbench 1,000 a second"], ["django-hordak: it does not start"], 90
    run = Run.of([one], 5, "full")
    page = report.page(run)
    for part in ("`python3 start.py bench --rounds 5 --full`", "cores", "2 minutes", "- pgbench 1,000 a second"):
        assert part in page
    assert "- Not measured: django-hordak: it does not start" in page
    run.keep(tmp_path / "kept.json")
    assert report.page(Run.kept(tmp_path / "kept.json")) == page


def test_the_page_says_which_figures_were_taken_anew(tmp_path):
    first = Run.of([measured(1.0), Result("sweep", missing=["it died"])], 5, "usual")
    again = first.renewed([measured(2.0), Result("sweep", missing=["it died again"])])
    assert [each.to_json() for each in again.results] == [measured(2.0).to_json(), first.results[1].to_json()]
    again.keep(tmp_path / "kept.json")
    page = report.page(Run.kept(tmp_path / "kept.json"))
    assert "but those of ledger, which were taken anew after it" in page
    assert "but those of" not in report.page(first)


def test_reasons_are_of_targets_that_there_are():
    assert json.loads(report.REASONS.read_text()).keys() <= BY_KEY.keys()


@pytest.mark.parametrize("bench", benches.BENCHES, ids=lambda bench: bench.name)
def test_each_benchmark_is_there(bench):
    assert callable(bench.measure)


def test_the_launcher_hands_its_words_on():
    options = arguments.parse(["bench", "--only", "ledger"], {})
    assert (options.verb, options.rest) == ("bench", ["--only", "ledger"])


def test_one_call_does_the_statements_that_are_done_one_by_one():
    assert len(functions()) == len(TRANSACTIONS) == 3
    script = one_by_one()
    assert script.count("BEGIN;") == script.count("COMMIT;") == in_one_call().count("SELECT bench_") == 3
    for steps, function in zip(TRANSACTIONS.values(), functions(), strict=True):
        assert all(step.text in script for step in steps)
        assert function.count(";\n") == len(steps)
        assert " :" not in function.replace("::", "")


@pytest.mark.django_db
def test_pgbench_counts_transactions_as_the_applications_role():
    assert pgbench.rate("SELECT 1 / (current_user = 'cairn_app')::int;", 1, times=2) > 0
    with pytest.raises(RuntimeError, match="permission denied"):
        pgbench.rate("DELETE FROM escrow_transfer;", 1, times=1)
