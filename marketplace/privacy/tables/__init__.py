"""Every table that holds something of a person, floor by floor, and those that hold nothing.

A column of text, an address or a file that is in none of these fails tests/test_privacy_doc.py: whoever adds one says
here what it is for, how long it is kept, and what becomes of it when somebody closes their account.
"""

from marketplace.privacy.tables.agreed import AGREED
from marketplace.privacy.tables.money import MONEY
from marketplace.privacy.tables.people import PEOPLE
from marketplace.privacy.tables.staff import STAFF
from marketplace.privacy.tables.told import TOLD

TABLES = (*PEOPLE, *AGREED, *MONEY, *TOLD, *STAFF)

# Columns of text, and tables that lead to somebody, in which nothing of a person is.
NOT_PERSONAL = {
    "auth.Group": "names of groups of staff",
    "auth.Permission": "names of rights",
    "contenttypes.ContentType": "names of tables",
    "contracts.InvoiceSeries": "a party's last number",
    "escrow.CheckRun": "what the books' checks found, by ids, and why the owner lifted a stop",
    "escrow.Journal": "keys made of ids",
    "escrow.Seal": "a digest",
    "marketplace.User_user_permissions": "rights of staff; emptied before an account can be closed",
    "notifications.Conversation": "which message of a contract is the last",
    "procrastinate.ProcrastinateEvent": "what became of a job",
    "procrastinate.ProcrastinateJob": "a task and the ids that it is about; deleted once it went well",
    "procrastinate.ProcrastinatePeriodicDefer": "when a task was last due",
    "procrastinate.ProcrastinateWorker": "a worker's heartbeat",
}
