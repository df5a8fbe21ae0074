"""The pages of a contract that are read, talked on, and where its plan is written. Data: who, in which states."""

from contracts.policy import Action
from tests.matrix.row import Look, Send, by, of_room, row, states

SEEN = Look(of_room("200 all"))
DESK = of_room("200 client talent · 403 viewer member")
# Where a plan can be written: nobody's wish waits (B10). Plans are talked about in a dispute, and while it is frozen.
PLANS = states("active future funding submitted sent_back disputed frozen asked_back")
SAME = states("active asked_back")  # and where the plan is still the one that the form was opened on (X2)

for name in ("room", "terms", "activity", "banner"):
    row(f"contracts:{name}", SEEN)
for name in ("contracts:news", "contracts:new_entries", "notifications:new_messages"):
    row(name, Look(of_room("200/204 all")))
row("contracts:comparison", Look(of_room("200 all"), "submitted", query="?from=1&to=2", shut=404,
                                 opens=states("submitted sent_back disputed frozen")))  # fmt: skip
row("contracts:pending_request", Look(of_room("302 all")))
for name in ("invoice", "invoice_pdf"):
    row(f"contracts:{name}", Look(of_room("200 all"), "ended", shut=404, opens=states(
        "future funding asked countered_plan asked_back ended"
    )))  # fmt: skip
row("contracts:file", Look(of_room("200 all"), "submitted", shut=404, opens=states(
    "submitted sent_back disputed frozen"
)))  # fmt: skip
row("notifications:message_file", Look(of_room("200 all"), opens=states("active"), shut=404))
row("notifications:messages", SEEN, Send(by(Action.POST), "a_message", also=None, other={"unsent": 409}))
row(
    "notifications:message",
    Look(of_room("200 owner · 403 viewer · 404 manager talent member"), opens=states("active"), shut=404),
    Send(of_room("done owner · 403 viewer · 404 manager talent member"), "a_message_put_right", missing=404),
)

# The plan

row(
    "contracts:milestones",
    Look(DESK, "future", opens=PLANS),
    Send(of_room("done client · 403 viewer member"), "the_clients_editor", "future", SAME),
    Send(of_room("done talent · 403 viewer member"), "the_talents_editor", "future", SAME),
)
row(
    "contracts:new_milestone",
    Look(DESK, "future", opens=PLANS),
    Send(of_room("done client · 403 viewer member"), "one_more", "future", PLANS),
    Send(of_room("done talent · 403 viewer member"), "one_more_asked_for", "future", SAME | {"funding"}),
)
row("contracts:new_row", Look(DESK, "future"))
row("contracts:row", Look(DESK, "future", query="?revision=1"))
row("contracts:editor_news", Look(of_room("200/204 client talent · 403 viewer member"), "future"))
for name, like in (("changes", "changes_so_far"), ("draft", "edits_kept_by_the_browser")):
    row(f"contracts:{name}", None, Send(DESK, like, "future", None, page="milestones"))

# A change request (B9)

ASKED = states("asked countered_plan")
row(
    "contracts:request",
    Look(of_room("200 all"), "asked", opens=ASKED, shut=404),
    Send(of_room("done client · 403 viewer talent member"), "a_request_to_accept", "asked", missing=404,
         other={"countered_plan": 403}),
    Send(of_room("done talent · 403 viewer client member"), "a_request_to_accept", "countered_plan", missing=404,
         other={"asked": 403}),
    Send(of_room("done client · 403 viewer talent member"), "a_request_to_decline", "asked", missing=404,
         other={"countered_plan": 403}),
    Send(of_room("done talent · 403 viewer client member"), "a_request_to_take_back", "asked", missing=404,
         other={"countered_plan": 403}),
)  # fmt: skip
row("contracts:choice", None, Send(DESK, "some_lines_of_a_request", "asked", ASKED, missing=404, page="request"))
row(
    "contracts:request_milestones",
    Look(DESK, "asked", opens=ASKED, shut=404),
    Send(by(Action.REPLACE_REQUEST), "a_request_sent_back", "asked", ASKED, missing=404),
)
row(
    "contracts:request_draft", None,
    Send(DESK, "edits_of_a_request", "asked", ASKED, missing=404, page="request_milestones"),
)  # fmt: skip
row(
    "contracts:request_editor_news",
    Look(of_room("200/204 client talent · 403 viewer member"), "asked", opens=ASKED, shut=404),
)
