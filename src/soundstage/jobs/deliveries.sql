-- The ledger of webhooks, by name. A delivery begins with its order's end, by a trigger (schema_2.sql).
--   due -> due          an attempt failed and another follows; or it is sent again from the start
--   due -> delivered    the receiver took it
--   due -> failed       the receiver refused for good, or every attempt failed
--   delivered | failed -> due   an operator has it sent again

-- name: find_delivery
-- A delivery that waits for its next attempt.
SELECT order_id, url, next_at, greatest(extract(epoch FROM next_at - now())::float8, 0) AS early_s
  FROM deliveries WHERE delivery_id = %(delivery_id)s AND status = 'due'

-- name: begin_delivery
-- Count an attempt before it is made: one that kills its worker must not be made for ever.
UPDATE deliveries SET attempts = attempts + 1
 WHERE delivery_id = %(delivery_id)s AND status = 'due' AND attempts < %(most_attempts)s
RETURNING order_id, url, attempts, body

-- name: end_exhausted
-- due -> failed, when its last attempt was begun and its worker lost.
UPDATE deliveries
   SET status = 'failed', ended_at = now(), next_at = NULL, last_error = %(error)s,
       body = CASE WHEN NOT forgets THEN body END
 WHERE delivery_id = %(delivery_id)s AND status = 'due' AND attempts >= %(most_attempts)s
RETURNING order_id

-- name: keep_body
-- Whoever was first made the bytes that all attempts send.
UPDATE deliveries SET body = coalesce(body, %(body)s) WHERE delivery_id = %(delivery_id)s RETURNING body

-- name: note_attempt
-- Write down what came of an attempt. The bytes of a forgotten order go once nothing more is to be sent.
UPDATE deliveries
   SET status = %(status)s, last_code = %(code)s, last_error = %(error)s,
       next_at = CASE WHEN %(status)s = 'due' THEN now() + make_interval(secs => %(gap_s)s) END,
       ended_at = CASE WHEN %(status)s <> 'due' THEN now() END,
       body = CASE WHEN %(status)s = 'due' OR NOT forgets THEN body END
 WHERE delivery_id = %(delivery_id)s AND status = 'due' AND attempts = %(attempt)s
RETURNING next_at

-- name: take_back_attempt
-- An attempt that we broke off ourselves does not count.
UPDATE deliveries SET attempts = attempts - 1
 WHERE delivery_id = %(delivery_id)s AND status = 'due' AND attempts = %(attempt)s
RETURNING delivery_id

-- name: list_deliveries
-- The newest deliveries, newest first; of one status or of all.
SELECT delivery_id, order_id, url, status, attempts, last_code, last_error, created_at, next_at, ended_at
  FROM deliveries
 WHERE %(status)s::text IS NULL OR status = %(status)s
 ORDER BY created_at DESC, delivery_id LIMIT %(limit)s

-- name: lock_delivery
-- A delivery, held until the transaction ends, and whether an attempt is being made. One that has ended may
-- have a job that is just being put away: that does nothing more.
SELECT delivery_id,
       d.status = 'due' AND EXISTS (SELECT FROM procrastinate_jobs AS j
                                     WHERE j.queueing_lock = d.delivery_id::text AND j.status = 'doing') AS under_way
  FROM deliveries AS d WHERE d.delivery_id = %(delivery_id)s OR d.order_id = %(delivery_id)s
   FOR UPDATE

-- name: restart_delivery
-- any -> due, with all its attempts before it; the same bytes, when they were kept.
WITH restarted AS (
    UPDATE deliveries SET status = 'due', attempts = 0, ended_at = NULL, next_at = now()
     WHERE delivery_id = %(delivery_id)s
    RETURNING delivery_id
), hurried AS (
    UPDATE procrastinate_jobs AS j SET scheduled_at = NULL FROM restarted AS r
     WHERE j.queueing_lock = r.delivery_id::text AND j.status = 'todo'
    RETURNING j.id
)
SELECT CASE WHEN (SELECT count(*) FROM hurried) = 0 THEN
           procrastinate_defer_jobs_v1(ARRAY[
               ROW('webhooks', 'deliver_webhook', 0, NULL, r.delivery_id::text,
                   jsonb_build_object('delivery_id', r.delivery_id), NULL)::procrastinate_job_to_defer_v1
           ])
       END AS job_ids
  FROM restarted AS r

-- name: requeue_deliveries
-- Give a queue job to due deliveries that have none, as after somebody emptied procrastinate's table.
SELECT procrastinate_defer_jobs_v1(array_agg(
           ROW('webhooks', 'deliver_webhook', 0, NULL, d.delivery_id::text,
               jsonb_build_object('delivery_id', d.delivery_id), d.next_at)::procrastinate_job_to_defer_v1
       )) AS job_ids
  FROM deliveries AS d
 WHERE d.status = 'due'
   AND NOT EXISTS (
       SELECT FROM procrastinate_jobs AS j
        WHERE j.queueing_lock = d.delivery_id::text AND j.status IN ('todo', 'doing')
   )
HAVING count(*) > 0
