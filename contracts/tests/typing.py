"""What arrives from the plan editor, written short: `title_3` stands for the field `title-<key 3>`."""

from django.http import QueryDict

from contracts.forms.plan import PlanForm
from contracts.plan import Plan
from contracts.tests.editing import TODAY
from contracts.tests.plan_strategies import key


def full(name: str) -> str:
    """`title_3`, `delete_3` or `choice_due_date_3` as the form spells it."""
    about, number = name.rsplit("_", 1)
    for prefix in ("choice", "mine"):
        if about.startswith(f"{prefix}_"):
            about = f"{prefix}-{about.removeprefix(prefix + '_')}"
    return f"{about}-{key(int(number))}"


def form(base: Plan, order: list[int | str], **typed: str) -> PlanForm:
    """The form for rows in this order; whatever is not a number goes in as a key just as it is."""
    data = QueryDict(mutable=True)
    data.setlist("key", [str(key(at)) if isinstance(at, int) else at for at in order])
    for name, text in typed.items():
        data[full(name)] = text
    return PlanForm(data, base=base, revision=1, today=TODAY)


def opened(number: int, title: str = "Sketch", amount: str = "5.00", description: str = "", due_date: str = "") -> dict:
    """The four fields of an opened row."""
    texts = {"title": title, "description": description, "amount": amount, "due_date": due_date}
    return {f"{name}_{number}": text for name, text in texts.items()}
