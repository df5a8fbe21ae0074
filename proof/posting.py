"""Which operations move money: those that reach the ledger's door, by what each function names, and what that names."""

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import CodeType, FunctionType, ModuleType

from contracts import operations
from escrow import ledger
from escrow.operations import payments

DOOR = {inspect.unwrap(each) for each in (ledger.post, ledger.reverse)}
OURS = {"contracts", "escrow"}

type Graph = dict[FunctionType, set[FunctionType]]


def operations_that_post() -> set[FunctionType]:
    """What pages, clocks and calls reach of contracts and of payments that posts a journal, or may."""
    graph: Graph = {}
    modules = [import_module(each.name) for each in walk_packages(operations.__path__, f"{operations.__name__}.")]
    found = (each for module in [*modules, payments] for each in public(module) if reaches(each, graph, set()))
    return set(found)


def public(module: ModuleType) -> Iterator[FunctionType]:
    """The module's own functions, unless they or the module are somebody else's step."""
    if not module.__name__.rpartition(".")[2].startswith("_"):
        for name, each in vars(module).items():
            plain = inspect.unwrap(each) if callable(each) else None
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__ and not name.startswith("_"):
                yield plain


def reaches(function: FunctionType, graph: Graph, seen: set[FunctionType]) -> bool:
    """Whether it comes to the door, over any number of others."""
    if function in DOOR:
        return True
    seen.add(function)
    named = graph.setdefault(function, set(named_by(function)))
    return any(reaches(each, graph, seen) for each in named - seen)


def named_by(function: FunctionType) -> Iterator[FunctionType]:
    """Functions of ours that its code names: by themselves, in a module, or in a table."""
    names = {name for code in codes(function.__code__) for name in code.co_names}
    for name in names:
        yield from functions_in(function.__globals__.get(name), names)


def functions_in(found: object, names: set[str]) -> Iterator[FunctionType]:
    if isinstance(found, ModuleType):
        inside = [getattr(found, name, None) for name in names] if is_ours(found.__name__) else []
    else:
        inside = list(found.values()) if isinstance(found, Mapping) else [found]
    for each in inside:
        plain = inspect.unwrap(each) if callable(each) else None
        if isinstance(plain, FunctionType) and is_ours(plain.__module__):
            yield plain


def codes(code: CodeType) -> Iterator[CodeType]:
    """The function's own, and that of functions within it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS
