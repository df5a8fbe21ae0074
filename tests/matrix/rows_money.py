"""The pages of a contract where it is agreed, money is moved, asked back, fought over. Data: who, in which states."""

from contracts.policy import Action
from tests.inputs.places_money import LONG
from tests.matrix.row import Look, Send, by, of_room, row, states
from tests.matrix.states import without_proposals

CLIENT = of_room("200 client · 403 viewer talent member")
TALENT = of_room("200 talent · 403 client viewer member")
# Where held money can be touched: the contract is active, and neither disputed nor frozen.
LIVE = states("active future funding submitted sent_back asked countered_plan asked_back")

# Before it begins. Whose own answer it was that they give again sees it done: it is true already.

row(
    "contracts:offer",
    Look(CLIENT, "offered", opens=states("unsent offered proposed")),
    Send(by(Action.EDIT_OFFER), "an_offer_changed", "offered", states("unsent proposed")),
)
row(
    "contracts:deposit",
    Look(CLIENT, "unsent", opens=states("unsent offered")),
    Send(by(Action.EDIT_OFFER), "a_deposit_not_paid", "unsent", states("offered")),
)
row(
    "contracts:withdrawal_of_offer",
    Look(CLIENT, "offered", opens=states("unsent offered")),
    Send(by(Action.WITHDRAW_OFFER), "an_offer_taken_back", "offered", states("unsent withdrawn")),
)
row(
    "contracts:answer",
    Look(TALENT, "offered", opens=states("offered")),
    Send(by(Action.ANSWER_OFFER), "an_offer_accepted", "offered", LIVE | states("disputed frozen")),
    Send(by(Action.ANSWER_OFFER), "an_offer_declined", "offered", states("declined")),
)
row(
    "contracts:proposal",
    Look(CLIENT, "proposed", opens=states("proposed")),
    Send(by(Action.ANSWER_PROPOSAL), "a_proposal_accepted", "proposed"),
    Send(by(Action.ANSWER_PROPOSAL), "a_proposal_declined", "proposed"),
)
row(
    "contracts:withdrawal_of_proposal",
    Look(TALENT, "proposed", opens=states("proposed")),
    Send(by(Action.WITHDRAW_PROPOSAL), "a_proposal_taken_back", "proposed"),
)
PROPOSES = LIVE | states("disputed frozen settling countered contested ended")
row(
    "contracts:propose",
    Look(TALENT, opens=PROPOSES, before=without_proposals),
    Send(by(Action.PROPOSE), "a_proposal_from_the_room", "active", PROPOSES, before=without_proposals),
)
row(
    "contracts:members",
    Look(of_room("200 lead · 403 client viewer freelancer member"), opens=LIVE | states(
        "offered proposed disputed frozen settling countered contested"
    )),
    Send(by(Action.ASSIGN_MEMBERS), "an_agencys_members", "active", LIVE | states(
        "offered proposed disputed frozen settling countered contested"
    )),
)  # fmt: skip
row(
    "contracts:follow_on",
    Look(CLIENT, "ended"),
    Send(CLIENT | of_room("done client · 403 viewer talent member"), "a_follow_on", "ended", None),
)

# Work and its money

row(
    "contracts:fund",
    Look(CLIENT, "future", opens=states("future asked countered_plan asked_back"), other={"funding": 302}),
    Send(by(Action.FUND), "next_milestone", "future", states("asked countered_plan")),
)
row(
    "contracts:payment",
    Look(of_room("200 client viewer · 404 talent member"), "funding", other={"proposed": 404}),
    Send(
        of_room("done client · 403 viewer · 404 talent member"),
        "",
        "funding",
        None,
        other={"proposed": 404},
        typed={"answer": "check"},
    ),
)
row(
    "contracts:review",
    Look(of_room("200 all"), "submitted"),
    Send(by(Action.RELEASE), "work_handed_in", "submitted", states("active sent_back")),
)
row(
    "contracts:changes_request",
    Look(CLIENT, "submitted", opens=states("submitted")),
    Send(by(Action.REQUEST_CHANGES), "work_to_send_back", "submitted"),
)
row(
    "contracts:submission",
    Look(of_room("200 talent member · 403 client viewer"), opens=states("active sent_back")),
    Send(by(Action.SUBMIT), "work_to_hand_in", "active", states("sent_back")),
)
row("contracts:next", Look(CLIENT, "future", opens=LIVE))
row(
    "contracts:bonus",
    Look(CLIENT, opens=LIVE | states("disputed settling countered contested ended")),
    Send(by(Action.BONUS), "a_bonus", "active", LIVE | states("disputed settling countered contested ended")),
)

# The end, and money back

# Where what is held is what the form showed; elsewhere it is to be read again first.
SAME = states("active submitted sent_back")
row(
    "contracts:end",
    Look(of_room("200 client talent · 403 viewer member"), opens=LIVE - {"funding"}, other={
        "lead:settling": 200, "lead:countered": 200, "lead:funding": 200,
    }),
    Send(of_room("done client · 403 viewer member"), "the_clients_end", "active", SAME),
    Send(of_room("done talent · 403 viewer member"), "the_talents_end", "active",
         SAME | states("settling countered ended")),
)  # fmt: skip
row(
    "contracts:refund",
    Look(of_room("200 all"), "settling", opens=states("settling countered contested"), shut=404),
    Send(by(Action.ANSWER_REFUND), "a_counter", "settling", missing=404, other={"countered": 409, "contested": 409}),
    Send(by(Action.ANSWER_COUNTER), "a_counter_accepted", "countered", missing=404,
         other={"settling": 409, "contested": 409}),
)  # fmt: skip
row(
    "contracts:money_back",
    Look(of_room("200 all"), "asked_back", LIVE, other={"lead": 403}),  # there is nothing for the talent to answer
    Send(by(Action.ASK_MONEY_BACK), "money_asked_back", "active", SAME, typed={"decision": "ask", "reason": LONG}),
    Send(by(Action.ANSWER_MONEY_BACK), "money_kept", "asked_back", missing=404),
    Send(by(Action.ANSWER_MONEY_BACK), "money_given_back", "asked_back", missing=404),
    Send(by(Action.ASK_MONEY_BACK), "money_asked_no_longer", "asked_back", missing=404),
)
row(
    "contracts:dispute",
    Look(of_room("200 all"), "disputed", opens=states("contested"), other={
        "owner:submitted": 200, "owner:sent_back": 200, "owner:countered": 200, "lead:settling": 200,
    }),
    Send(of_room("done client · 409 talent · 403 viewer member"), "money_in_dispute", "submitted",
         states("sent_back countered")),
    Send(of_room("done talent · 409 client · 403 viewer member"), "money_in_dispute", "settling"),
)  # fmt: skip
row(
    "contracts:feedback",
    Look(of_room("200 all"), "ended"),
    Send(by(Action.GIVE_FEEDBACK), "an_ended_contract", "ended"),
)
