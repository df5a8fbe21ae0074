"""docs/inputs.md: every form and every field of it, with its limits, as they stand in the code. Knows no page.

`python -m tests.forms_document` writes its last section anew; test_forms_document.py compares it.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path

DOC = Path(__file__).resolve().parents[1] / "docs" / "inputs.md"
MODULES = (
    "contracts.forms",
    "marketplace.forms",
    "marketplace.codes",
    "marketplace.teams.forms",
    "notifications.forms",
)
MORE = ("notifications.messages.forms", "marketplace.admin")
TAKEN_OUT = {"username"}  # the library's, which it takes out of the form where nobody has one
LAST = "## Every form\nLimits that depend on a contract (what is held, whose methods) are those of the table above."


def text() -> str:
    """The whole document: what somebody wrote, and then the forms."""
    written, _mark, _generated = DOC.read_text().partition(LAST)
    return "\n".join([written + LAST, *(line for form in known() for line in lines(form)), ""])


def known() -> list[type]:
    """Every form class of ours, in the order of their names."""
    from django import forms

    for name in (*MODULES, *MORE):
        module = importlib.import_module(name)
        for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
            importlib.import_module(f"{name}.{found.name}")
    found = {form for form in below(forms.BaseForm) if form.__module__.startswith((*MODULES, *MORE))}
    return sorted(found, key=lambda form: (form.__module__, form.__qualname__))


def below(base: type) -> Iterator[type]:
    for each in base.__subclasses__():
        yield each
        yield from below(each)


def lines(form: type) -> Iterator[str]:
    """A form's heading, what joins its fields, and its table."""
    yield f"\n### {form.__module__}.{form.__qualname__}"
    own = form.__dict__.get("__doc__")
    if own:
        yield " ".join(own.split("\n\n")[0].split())
    if form.base_fields:
        yield "\n| field | what | limits |\n|---|---|---|"
        for name, field in form.base_fields.items():
            if name in TAKEN_OUT:
                continue
            yield f"| `{name}` | {kind(field)} | {', '.join(limits(field))} |"


def kind(field) -> str:
    """The class of a field, and what it says of itself."""
    return f"`{type(field).__name__}`" + (", hidden" if field.widget.is_hidden else "")


def limits(field) -> Iterator[str]:
    yield "needed" if field.required else "may be empty"
    if hasattr(field, "minimum"):
        is_known = field.minimum < field.maximum  # else the form sets it, to what is held
        yield f"${field.minimum:,.2f} to ${field.maximum:,.2f}" if is_known else "at most what its page showed"
    elif (length := getattr(field, "max_length", None)) is not None:
        yield f"at most {length:,} characters"
    for name, says in (("min_value", "at least"), ("max_value", "at most")):
        if getattr(field, name, None) is not None:
            yield f"{says} {getattr(field, name):,}"
    choices = getattr(field, "choices", ())
    if isinstance(choices, list) and choices and not field.widget.is_hidden:
        yield "one of " + ", ".join(f"`{value}`" for value, _label in choices if value)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    import django

    django.setup()
    DOC.write_text(text())
