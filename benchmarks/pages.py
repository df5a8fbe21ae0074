"""The pages of a plan at 1, 50 and 200 milestones: time, statements and bytes of the whole request, in this process.

Beside them the same rows in a plain template loop with a field for each value, as a page without a slim row would
have; and what a formset, or a save() for each row, takes.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.template import Engine

from benchmarks import saving
from benchmarks.arms import Arm, Round, alternate, described, ratios, seconds
from benchmarks.plan import Plan, Result
from benchmarks.rooms import HTMX, Room, afterwards, statements, weight
from contracts.models import Milestone
from proof.databases import migrated, working_on

SIZES = (1, 50, 199)  # and the one before them that is paid
LARGEST = SIZES[-1]


def measure(plan: Plan) -> Result:
    settings.LOGGING_CONFIG = None
    result = Result("pages")
    migrated()
    with working_on("bench_pages"):
        rooms = {size: Room.of(size) for size in SIZES}
        times = plan.size(3, 10)
        for size, room in rooms.items():
            rounds = alternate(reading(room, times), plan.rounds)
            result.notes.append(f"{room.size + 1} milestones: {described(rounds, '{:.4f}', 'seconds each')}")
            if size == LARGEST:
                compare(result, rounds)
        for room in (rooms[1], rooms[LARGEST]):
            count(result, room)
        weigh(result, rooms[LARGEST])
        unchanged(plan, result, rooms[LARGEST])
        saving.compare(plan, result, rooms[LARGEST])
        for size, room in rooms.items():
            taken = saving.whole(room)()
            result.notes.append(f"Save with all of {size + 1} edited and reversed, the whole request: {taken:.4f} s")
    return result


def reading(room: Room, times: int) -> dict[str, Arm]:
    changed = room.edited("Other")
    return {
        "editor": seconds(partial(room.get, "milestones/", **HTMX), times),
        "changes": seconds(partial(room.post, "milestones/changes/", changed), times),
        "room": seconds(room.get, times),
        "region": seconds(partial(room.get, **HTMX), times),
        "loop": seconds(plain(room), times),
    }


def plain(room: Room) -> Callable[[], str]:
    """The same rows, read and written out with their fields, and nothing around them."""
    page = Engine(dirs=[str(Path(__file__).parent)]).get_template("plain_rows.html")

    def render() -> str:
        rows = list(Milestone.objects.filter(contract=room.contract.pk).order_by("position"))
        return page.render(saving.context(rows))

    return render


def compare(result: Result, rounds: list[Round]) -> None:
    for name in ("editor", "changes", "room"):
        result.add(f"pages.{name}", "200 milestones", ratios(rounds, name, "loop"))


def count(result: Result, room: Room) -> None:
    case = f"{room.size + 1} milestones"
    opened = statements(partial(room.get, "milestones/", **HTMX))
    changed = statements(partial(room.post, "milestones/changes/", room.edited("Other")))
    result.add("pages.editor_queries", case, [opened])
    result.add("pages.changes_queries", case, [changed])
    result.add("pages.room_queries", case, [statements(room.get)])
    for lines, words in ((1, "one change"), (None, "all changed")):
        fields = room.edited("Counted", lines)
        result.add("pages.save_statements", f"{case}, {words}", [statements(partial(room.post, "milestones/", fields))])
    telling = afterwards(partial(room.post, "milestones/", room.edited("Told", 1)))
    result.notes.append(f"{case}: after a Save is committed, telling of it takes {telling} statements more")


def weigh(result: Result, room: Room) -> None:
    for name, answer in (("editor", room.get("milestones/", **HTMX)), ("room", room.get())):
        raw, packed = weight(answer)
        result.add(f"pages.{name}_bytes", "200 milestones", [raw])
        result.add(f"pages.{name}_packed", "200 milestones", [packed])
    result.notes.append(f"the plain loop: {len(plain(room)()) / 1000:.0f} kB")


def unchanged(plan: Plan, result: Result, room: Room) -> None:
    """The room again for a browser that has it: as a page, and as the region that an open page asks for."""
    for case, headers in (("the page", {}), ("the region", HTMX)):
        whole = partial(room.get, **headers)
        again = partial(whole, **{"If-None-Match": whole().headers.get("ETag", "")})
        if again().status_code != 304:
            result.missing.append(f"the unchanged room, {case}: it is not answered with 304")
            continue
        result.add("pages.unchanged", f"200 milestones, {case}", [statements(again)])
        arms = {"again": seconds(again, 20), "whole": seconds(whole, 5)}
        result.add(
            "pages.unchanged_time", f"200 milestones, {case}", ratios(alternate(arms, plan.rounds), "again", "whole")
        )
