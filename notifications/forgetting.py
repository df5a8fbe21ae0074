"""Notices that nobody needs any more: whom and how somebody was told long ago. What was told stays in Messages."""

from marketplace.privacy.sweeping import over
from notifications.models import Delivery, DeliveryStatus

BATCH = 2_000
MOST = 100  # batches in one night; a backlog goes in several


def forget_notices() -> None:
    """Delete deliveries whose days are over, post by post: those of one person by both channels go together (I11).

    The oldest have the lowest posts, so each batch is found at the beginning of an index.
    """
    before = over("notices")
    settled = Delivery.objects.exclude(status=DeliveryStatus.WAITING)
    for _batch in range(MOST):
        oldest = list(settled.order_by("post_id").values_list("post_id", "at")[:BATCH])
        posts = {post for post, at in oldest if at < before}
        if not posts:
            return
        settled.filter(post__in=posts, at__lt=before).delete()
