"""That everybody is told of money, once by each channel (I11). That follows the commit, so the latest is left out."""

from escrow.invariants import register

register(
    "I11-telling",
    "Each event about money has its one post, and everybody it concerns one entry in the app and one email.",
    """
    WITH money AS (
        SELECT event.id AS event, event.contract_id AS contract, post.id AS post
        FROM contracts_event AS event LEFT JOIN notifications_post AS post ON post.event_id = event.id
        WHERE num_nonnulls(charged, paid, returned) > 0 AND event.at < cairn_now() - interval '15 minutes'
    )
    SELECT contract, event, NULL::bigint AS recipient, 'was not told' AS says FROM money WHERE post IS NULL
    UNION ALL
    SELECT contract, event, recipient_id, 'was not told by both channels'
    FROM money JOIN notifications_delivery AS delivery ON delivery.post_id = money.post
    GROUP BY contract, event, recipient_id
    HAVING count(*) <> 2 AND NOT bool_and(channel = 'bell' AND read_at IS NOT DISTINCT FROM sent_at)
    """,
    follows=True,
)
