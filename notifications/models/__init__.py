"""The rows behind messages, the bell and email. They know contracts, and no permission."""

from notifications.models.delivery import Channel, Delivery, DeliveryStatus
from notifications.models.post import POST_LENGTH, Audience, Conversation, Post, PostFile, ReadMark
from notifications.models.preference import How, Preference, Topic

__all__ = [
    "POST_LENGTH",
    "Audience",
    "Channel",
    "Conversation",
    "Delivery",
    "DeliveryStatus",
    "How",
    "Post",
    "PostFile",
    "Preference",
    "ReadMark",
    "Topic",
]
