"""Telling those whom something concerns: one post, and a delivery for each of them and each channel.

Knows who is told and how they want it. What an email says, and the sending, are others'.
"""

from marketplace.models import User
from notifications.models import Post


def tell_post(post: Post, by: User) -> None:
    """Tell the other side of a person's post; in the transaction in which it was written."""
