"""How a role on a team reads on a page. Knows no query and no rule."""

from django import template

from marketplace.models import Party
from marketplace.teams.forms import WHAT_IT_MAY

register = template.Library()


@register.filter
def what_it_may(role: str, party: Party) -> str:
    """What somebody with this role may do for such a party."""
    return str(WHAT_IT_MAY[party.kind, role])
