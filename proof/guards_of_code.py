"""The guards that operations hold in Python, read from their source so that none is forgotten, and how each goes away.

A lock of rows, a condition that refuses, and one that tells what was done before. Knows no test. To remove one, the
function's code is exchanged for that of the same function without it, wherever somebody already holds the function.
"""

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACES = (
    "contracts/operations", "escrow/operations", "marketplace/teams", "notifications/messages", "contracts/timers.py",
    "escrow/ledger.py", "escrow/money.py", "marketplace/operations.py", "marketplace/privacy",
    "marketplace/suspension.py", "notifications/telling.py", "notifications/queue.py",
)  # fmt: skip
LOCKS, SHOWN = "select_for_update", {"views.py", "answering.py", "forms.py", "mail.py", "reading.py", "conversation.py"}
BEFORE = {"happened", "is_due"}  # with a `known :=`: what was done before, or is not due yet, is not done


class InCode(NamedTuple):
    """`line` is where the guard stands, `told` the one that runs when it holds; `number` counts within its function."""

    kind: str
    name: str
    file: str
    line: int
    column: int
    told: int

    @contextmanager
    def removed(self, _databases: list[str]) -> Iterator[None]:
        """Within it, nobody runs the guard."""
        import_module(self.file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        whole = ast.parse((ROOT / self.file).read_text())
        codes = {
            each.co_qualname: each
            for each in all_codes(compile(Without(self).visit(whole), str(ROOT / self.file), "exec"))
        }
        changed = [(each, each.__code__) for each in functions({self.file})]
        try:
            for function, before in changed:
                if before.co_firstlineno <= self.line and (code := codes.get(before.co_qualname)):
                    function.__code__ = code
            yield
        finally:
            for function, before in changed:
                function.__code__ = before


class Without(ast.NodeTransformer):
    """The same module without this guard."""

    def __init__(self, guard: InCode) -> None:
        self.at = (guard.line, guard.column)

    def visit_If(self, node: ast.If) -> ast.AST:
        if (node.lineno, node.col_offset) == self.at:
            never = ast.BoolOp(ast.And(), [node.test, ast.Constant(False)])
            node.test = ast.fix_missing_locations(ast.copy_location(never, node.test))
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        is_it = isinstance(node.func, ast.Attribute) and (node.func.end_lineno, node.func.end_col_offset) == self.at
        return node.func.value if is_it and node.func.attr == LOCKS else node


def all_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from all_codes(inner)


def functions(files: set[str]) -> list[FunctionType]:
    """Those that came from these files, wherever they are held."""
    wanted = {str(ROOT / file) for file in files}
    return [each for each in gc.get_objects() if type(each) is FunctionType and each.__code__.co_filename in wanted]


def sources() -> list[Path]:
    found = [
        each for place in PLACES for each in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    return sorted(each for each in found if each.name not in SHOWN and "tests" not in each.parts)


def all_guards() -> list[InCode]:
    """Every one of them, in the order of the source. A name is the same as long as its function keeps its guards."""
    return [guard for path in sources() for guard in guards_of(path)]


def guards_of(path: Path) -> Iterator[InCode]:
    file = str(path.relative_to(ROOT))
    for function, inside in functions_of(ast.parse(path.read_text())):
        counted: dict[str, int] = {}
        for kind, line, column, told in sorted(filter(None, map(guard_at, inside)), key=lambda each: each[1:3]):
            counted[kind] = number = counted.get(kind, 0) + 1
            yield InCode(kind, f"{file}:{function} {kind} {number}", file, line, column, told)


def functions_of(tree: ast.Module) -> Iterator[tuple[str, list[ast.AST]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, list(ast.walk(node))


def guard_at(node: ast.AST) -> tuple[str, int, int, int] | None:
    """What kind of guard stands at this node, where, and which line runs when it holds; nothing, if none does."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == LOCKS:
        return "lock", node.func.end_lineno or 0, node.func.end_col_offset or 0, node.func.lineno
    if not isinstance(node, ast.If):
        return None
    last = node.body[-1]
    if isinstance(last, ast.Raise) and isinstance(last.exc, ast.Name | ast.Call) and last.cause is None:
        return "refusal", node.lineno, node.col_offset, last.lineno
    if isinstance(last, ast.Return) and tells_of_before(node.test):
        return "once", node.lineno, node.col_offset, last.lineno
    return None


def tells_of_before(test: ast.expr) -> bool:
    def one(node: ast.AST) -> bool:
        if isinstance(node, ast.NamedExpr):
            return True
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BEFORE

    return any(map(one, ast.walk(test)))
