"""What is kept of messages, and of who was told what. Data only."""

from marketplace.privacy.kept import Fate, Table, Why, by

BOTH = "both sides, staff on record"

TOLD = (
    Table(
        "notifications.Post", Why.AGREED, BOTH, {"text": "what somebody wrote to the other side"},
        whose=by("by"), facts="contract__title at edited_at",
    ),
    Table(
        "notifications.PostFile", Why.AGREED, BOTH,
        {"name": "what its owner called it", "content_type": "of our own table", "stored": "where its bytes lie"},
        whose=by("post__by"), facts="post__contract__title size", kept_back="stored", stored="stored",
    ),
    Table(
        "notifications.Delivery", Why.TOLD, "its reader; finance staff those that failed",
        {
            "bundle": "what goes out together",
            "error": "what the mail server said, at times with the address; emptied once it was sent",
        },
        whose=by("recipient"), facts="post__contract__title post__event__kind channel status at sent_at read_at",
        kept_back="bundle error", fate=Fate.DELETED, because="also those that are still to be sent; no mail is kept",
    ),
    Table(
        "notifications.ReadMark", Why.TOLD, "its reader", {},
        whose=by("user"), facts="contract__title unread", fate=Fate.DELETED,
    ),
    Table(
        "notifications.Preference", Why.CHOICE, "its owner", {},
        whose=by("user"), facts="topic email bell", fate=Fate.DELETED,
    ),
)  # fmt: skip
