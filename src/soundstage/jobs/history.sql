-- Orders that have ended, page by page, and the line of those that have not begun.

-- name: count_waiting
-- How many orders wait, of an endpoint, of a caller, of both, or (NULL, NULL) at all.
SELECT count(*) AS orders FROM orders
 WHERE status = 'waiting'
   AND (%(endpoint)s::text IS NULL OR endpoint = %(endpoint)s)
   AND (%(caller)s::text IS NULL OR caller = %(caller)s)

-- name: history_by_end
-- Ended orders, newest end first, from the one after (mark, mark_id); input and output only where they are wanted.
SELECT o.order_id, o.endpoint, o.status, CASE WHEN %(with_io)s THEN o.payload ELSE '{}' END AS payload,
       CASE WHEN %(with_io)s THEN o.input::text END AS input, CASE WHEN %(with_io)s THEN o.result END AS result,
       o.error_kind, o.error_message, o.cancel_requested, o.attempts, o.submitted_at, o.started_at, o.ended_at,
       NULL AS queue_position, NULL AS progress, o.caller, o.body_hash, o.keeps_io, o.answer_base, o.webhook_url,
       CASE WHEN %(with_io)s THEN o.error_detail END AS error_detail, o.forgotten_at,
       (extract(epoch FROM o.ended_at) * 1000000)::bigint AS mark
  FROM orders AS o
 WHERE o.ended_at IS NOT NULL
   AND (%(endpoint)s::text IS NULL OR o.endpoint = %(endpoint)s)
   AND (%(order_id)s::uuid IS NULL OR o.order_id = %(order_id)s)
   AND (%(start)s::timestamptz IS NULL OR o.ended_at >= %(start)s)
   AND (%(end)s::timestamptz IS NULL OR o.ended_at < %(end)s)
   AND (%(outcome)s::text IS NULL OR %(outcome)s = CASE
            WHEN o.status = 'done' THEN 'success'
            WHEN o.status = 'cancelled' OR o.error_kind = ANY(%(user_error_kinds)s::text[]) THEN 'user_error'
            ELSE 'error' END)
   AND (%(mark)s::bigint IS NULL OR (o.ended_at, o.order_id)
            < ('epoch'::timestamptz + %(mark)s * interval '1 microsecond', %(mark_id)s::uuid))
 ORDER BY o.ended_at DESC, o.order_id DESC LIMIT %(limit)s

-- name: history_by_duration
-- The same, the longest in the making first.
SELECT * FROM (
    SELECT o.order_id, o.endpoint, o.status, CASE WHEN %(with_io)s THEN o.payload ELSE '{}' END AS payload,
           CASE WHEN %(with_io)s THEN o.input::text END AS input, CASE WHEN %(with_io)s THEN o.result END AS result,
           o.error_kind, o.error_message, o.cancel_requested, o.attempts, o.submitted_at, o.started_at, o.ended_at,
           NULL AS queue_position, NULL AS progress, o.caller, o.body_hash, o.keeps_io, o.answer_base, o.webhook_url,
           CASE WHEN %(with_io)s THEN o.error_detail END AS error_detail, o.forgotten_at,
           (extract(epoch FROM o.ended_at - coalesce(o.started_at, o.ended_at)) * 1000000)::bigint AS mark
      FROM orders AS o
     WHERE o.ended_at IS NOT NULL
       AND (%(endpoint)s::text IS NULL OR o.endpoint = %(endpoint)s)
       AND (%(order_id)s::uuid IS NULL OR o.order_id = %(order_id)s)
       AND (%(start)s::timestamptz IS NULL OR o.ended_at >= %(start)s)
       AND (%(end)s::timestamptz IS NULL OR o.ended_at < %(end)s)
       AND (%(outcome)s::text IS NULL OR %(outcome)s = CASE
                WHEN o.status = 'done' THEN 'success'
                WHEN o.status = 'cancelled' OR o.error_kind = ANY(%(user_error_kinds)s::text[]) THEN 'user_error'
                ELSE 'error' END)
) AS ended
 WHERE %(mark)s::bigint IS NULL OR (ended.mark, ended.order_id) < (%(mark)s, %(mark_id)s::uuid)
 ORDER BY ended.mark DESC, ended.order_id DESC LIMIT %(limit)s
