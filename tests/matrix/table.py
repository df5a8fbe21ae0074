"""All rows, by whether a contract stands in their address; and the addresses of the administration that need none."""

from tests.inputs.addresses import routes
from tests.matrix import rows_money, rows_party, rows_people, rows_room, rows_staff
from tests.matrix.row import ROWS

__all__ = ["ELSEWHERE", "LISTS", "ROOMS", "rows_money", "rows_party", "rows_people", "rows_room", "rows_staff"]

# What the administration has for each model; a rule says who gets them, see `test_lists`.
LISTS = ("changelist", "add", "change", "delete", "history")
_routes = routes()
_of_room = {name for name in ROWS if "<uuid:contract_id>" in _routes[name]}
ROOMS = sorted((_of_room | {"contracts:invoice", "contracts:invoice_pdf"}) - {"admin:notifications_post_read"})
ELSEWHERE = sorted(ROWS.keys() - set(ROOMS))
