"""What is kept of contracts: what was agreed, done, asked and answered. Data only.

All of it is the other side's record as well, so erasing leaves it. What somebody else wrote is not in an export: each
gets what they wrote themselves, and reads the rest in the room, which stays theirs for as long as they have an account.
"""

from django.db.models import Q

from marketplace.privacy.kept import Person, Table, Why, by, of_money, of_room

BOTH = "both sides, staff on record"
ROOM = "both sides by role, staff"


def on_their_invoices(person: Person) -> Q:
    """Issued by, or to, a party about whose money they decide."""
    return of_money("issuer")(person) | of_money("earning__contract__client")(person)


def in_their_books(person: Person) -> Q:
    """Earned by, or paid by, a party about whose money they decide."""
    return of_money("contract__talent")(person) | of_money("contract__client")(person)


def said_of_them(person: Person) -> Q:
    """Their own, and what the other side said of them once both may read it."""
    other = Q(contract__revealed_at__isnull=False) & ~Q(party__memberships__user=person.user)
    return Q(by=person.user) | of_room("contract")(person) & other


AGREED = (
    Table(
        "contracts.Contract", Why.AGREED, ROOM, {"title": "what it is called", "terms": "what was agreed in words"},
        whose=of_room("pk"),
        facts="client__name talent__name status service_fee initiation_fee created_at sent_at started_at ended_at",
    ),
    Table(
        "contracts.Milestone", Why.AGREED, ROOM, {"title": "a step", "description": "what it takes"},
        whose=of_room("contract"), facts="contract__title position amount due_date status",
    ),
    Table(
        "contracts.ContractMember", Why.TEAM, "both sides, staff", {},
        whose=by("membership__user"), facts="contract__title membership__party__name",
        because="goes with the membership",
    ),
    Table(
        "contracts.PlanRevision", Why.AGREED, ROOM, {"lines": "a whole plan as somebody saved it"},
        whose=by("by"), facts="contract__title number at",
    ),
    Table(
        "contracts.Event", Why.AGREED, ROOM, {"note": "what was typed with it"},
        whose=by("by"), facts="contract__title kind at charged paid returned",
    ),
    Table(
        "contracts.ChangeRequest", Why.AGREED, ROOM,
        {"lines": "the plan that is asked for", "note": "what for", "answer": "why it was declined, by the other side"},
        whose=by("by"), facts="contract__title status at closed_at", kept_back="answer",
    ),
    Table(
        "contracts.Submission", Why.AGREED, BOTH,
        {"message": "what was done", "links": "where it is", "reason": "what is to be changed, by the other side"},
        whose=by("by"), facts="contract__title milestone__title number at returned_at", kept_back="reason",
    ),
    Table(
        "contracts.SubmissionFile", Why.AGREED, BOTH,
        {"name": "what its owner called it", "content_type": "of our own table", "stored": "where its bytes lie"},
        whose=by("submission__by"), facts="submission__contract__title size", kept_back="stored", stored="stored",
    ),
    Table(
        "contracts.Funding", Why.MONEY, ROOM, {}, whose=by("by"), facts="contract__title charge fee leftover at",
    ),
    Table(
        "contracts.Earning", Why.MONEY, ROOM, {"note": "what the client wrote about it"},
        whose=in_their_books, facts="contract__title kind gross fee net at",
    ),
    Table(
        "contracts.Bonus", Why.MONEY, ROOM, {"note": "what for"}, whose=by("by"), facts="contract__title amount at",
    ),
    Table(
        "contracts.RefundRequest", Why.AGREED, BOTH,
        {"reason": "why money should go back", "answer": "what the other side said"},
        whose=by("by"), facts="contract__title amount counter returned status at closed_at", kept_back="answer",
    ),
    Table(
        "contracts.Dispute", Why.AGREED, BOTH,
        {"reason": "what went wrong, as one side says", "decision": "what staff decided, and why"},
        whose=by("by"), facts="contract__title status at closed_at paid returned",
    ),
    Table(
        "contracts.SplitOffer", Why.AGREED, BOTH, {"note": "what was said with it"},
        whose=by("by"), facts="dispute__contract__title to_talent to_client status at closed_at",
    ),
    Table(
        "contracts.Feedback", Why.AGREED, "both sides once it is revealed, staff",
        {"text": "what a side says of the other"},
        whose=said_of_them, facts="contract__title party__name rating at",
    ),
    Table(
        "contracts.Invoice", Why.MONEY, "both sides by role, staff",
        {
            "issued_by": "name and tax details of the issuer on that day", "issued_to": "the same of the client",
            "contract_title": "what it was for", "item": "the same",
        },
        whose=on_their_invoices, facts="number gross fee net issued_at",
        because="an invoice that was issued never changes: the law wants it as it was, with its names",
    ),
)  # fmt: skip
