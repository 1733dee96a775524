-- Every statement the order book speaks, by name. Each state change names the state it leaves:
-- no row back means that another was first.

-- name: submit_orders
-- Write a batch of orders and queue jobs for as many of each caller as their limit has room for.
-- The callers' rows are locked in one order, so that batches of several processes never wait for each other
-- in a circle. An order_id that is known already is passed over: a submit may be repeated safely.
-- A refused order is born failed: it takes nobody's place and stands in nobody's way.
WITH arrived AS MATERIALIZED (
    SELECT a.*,
           row_number() OVER (PARTITION BY a.caller, a.refused ORDER BY a.rank, a.place) AS nth_of_caller,
           row_number() OVER (PARTITION BY a.refused ORDER BY a.rank, a.place) - 1 AS ahead_in_batch
      FROM (
          SELECT DISTINCT ON (b.order_id) b.*, b.error_kind IS NOT NULL AS refused
            FROM ROWS FROM (
                     json_to_recordset(%(orders)s::json) AS (
                         order_id uuid, endpoint text, payload jsonb, caller text, rank smallint, body_hash text,
                         input text, start_within_s float8, retries boolean, keeps_io boolean, answer_base text,
                         webhook_url text, error_kind text, error_message text, error_detail jsonb
                     )
                 ) WITH ORDINALITY AS b (
                     order_id, endpoint, payload, caller, rank, body_hash, input, start_within_s, retries, keeps_io,
                     answer_base, webhook_url, error_kind, error_message, error_detail, place
                 )
           WHERE NOT EXISTS (SELECT FROM orders WHERE orders.order_id = b.order_id)
           ORDER BY b.order_id, b.place
      ) AS a
), waiting AS (
    SELECT coalesce(sum(waiting) FILTER (WHERE rank = 0), 0) AS normal, coalesce(sum(waiting), 0) AS everyone
      FROM line_blocks
), room AS (
    INSERT INTO callers AS c (caller, admitted, granted)
    SELECT caller, least(count(*) FILTER (WHERE NOT refused), %(limit)s),
           least(count(*) FILTER (WHERE NOT refused), %(limit)s)
      FROM arrived GROUP BY caller ORDER BY caller
    ON CONFLICT (caller) DO UPDATE
       SET granted = least(excluded.granted, greatest(%(limit)s - c.admitted, 0)),
           admitted = c.admitted + least(excluded.granted, greatest(%(limit)s - c.admitted, 0))
    RETURNING caller, granted
), written AS (
    INSERT INTO orders (
        order_id, endpoint, payload, caller, rank, admitted, body_hash, input, start_by, retries, keeps_io,
        answer_base, webhook_url, status, error_kind, error_message, error_detail, ended_at
    )
    SELECT a.order_id, a.endpoint, a.payload, a.caller, a.rank, NOT a.refused AND a.nth_of_caller <= room.granted,
           decode(a.body_hash, 'hex'), a.input::json, now() + a.start_within_s * interval '1 second', a.retries, a.keeps_io,
           a.answer_base, a.webhook_url, CASE WHEN a.refused THEN 'failed' ELSE 'waiting' END,
           a.error_kind, a.error_message, a.error_detail, CASE WHEN a.refused THEN now() END
      FROM arrived AS a JOIN room USING (caller)
     ORDER BY a.place
    RETURNING order_id, submitted_at, admitted, rank, arrival
), queued AS MATERIALIZED (
    SELECT procrastinate_defer_jobs_v1(array_agg(
               ROW('orders', 'make_order', -w.rank, NULL, w.order_id::text,
                   jsonb_build_object('order_id', w.order_id), NULL)::procrastinate_job_to_defer_v1
               ORDER BY w.rank, w.arrival
           )) AS job_ids
      FROM written AS w WHERE w.admitted HAVING count(*) > 0
)
SELECT w.order_id, w.submitted_at,
       (a.ahead_in_batch + CASE a.rank WHEN 0 THEN waiting.normal ELSE waiting.everyone END)::bigint AS queue_position
  FROM written AS w JOIN arrived AS a USING (order_id) CROSS JOIN waiting
 WHERE (SELECT count(job_ids) FROM queued) >= 0  -- a CTE nobody reads would not run

-- name: take_submit_turn
-- Wait until no other process submits against a limit of the line.
SELECT pg_advisory_xact_lock(%(turn)s)

-- name: look_at_line
-- How many orders wait, and which of these are known already. A statement after the turn: it sees all before it.
SELECT coalesce(sum(waiting), 0)::bigint AS waiting,
       (SELECT coalesce(array_agg(order_id::text), '{}') FROM orders
         WHERE order_id = ANY(%(order_ids)s::uuid[])) AS known
  FROM line_blocks

-- name: find_orders
-- These orders; queue_position counts the waiting ones ahead.
SELECT o.order_id, o.endpoint, o.status, o.payload, o.result, o.error_kind, o.error_message, o.cancel_requested,
       o.attempts, o.submitted_at, o.started_at, o.ended_at, o.progress, o.log_count, o.caller, o.body_hash,
       o.keeps_io, o.answer_base, o.webhook_url, o.error_detail, o.forgotten_at,
       CASE WHEN o.status = 'waiting' THEN (
           SELECT coalesce(sum(b.waiting), 0)::bigint FROM line_blocks AS b
            WHERE (b.rank, b.block) < (o.rank, o.arrival >> 9)
       ) + (
           SELECT count(*) FROM orders AS ahead
            WHERE ahead.status = 'waiting' AND ahead.rank = o.rank
              AND ahead.arrival >= (o.arrival >> 9) << 9 AND ahead.arrival < o.arrival
       ) END AS queue_position
  FROM orders AS o
 WHERE o.order_id = ANY(%(order_ids)s::uuid[])

-- name: ping
-- Can the orders be read?
SELECT order_id FROM orders LIMIT 1

-- name: newest_orders
-- A page of orders, newest first, from the one before `after`; NULL for a caller means everybody's.
SELECT order_id FROM orders
 WHERE (%(caller)s::text IS NULL OR caller = %(caller)s) AND (%(with_forgotten)s OR forgotten_at IS NULL)
   AND (%(after)s::uuid IS NULL OR arrival < (SELECT arrival FROM orders WHERE order_id = %(after)s::uuid))
 ORDER BY arrival DESC LIMIT %(limit)s

-- name: oldest_orders
-- The same, oldest first.
SELECT order_id FROM orders
 WHERE (%(caller)s::text IS NULL OR caller = %(caller)s) AND (%(with_forgotten)s OR forgotten_at IS NULL)
   AND (%(after)s::uuid IS NULL OR arrival > (SELECT arrival FROM orders WHERE order_id = %(after)s::uuid))
 ORDER BY arrival LIMIT %(limit)s

-- name: count_orders
-- How many orders there are of each status.
SELECT status, count(*) AS orders FROM orders GROUP BY status

-- name: read_logs
-- The log lines of an order after one of them.
SELECT seq, at, level, message, facts FROM order_logs
 WHERE order_id = %(order_id)s AND seq > %(after)s ORDER BY seq

-- name: cancel_order
-- waiting -> cancelled, with its queue job; a running order is only asked to stop.
WITH asked AS (
    UPDATE orders
       SET cancel_requested = true,
           status = CASE status WHEN 'waiting' THEN 'cancelled' ELSE status END,
           ended_at = CASE status WHEN 'waiting' THEN now() END
     WHERE order_id = %(order_id)s AND status IN ('waiting', 'running')
    RETURNING order_id, caller, status, admitted
), freed AS (
    UPDATE callers SET admitted = callers.admitted - 1
      FROM asked WHERE asked.caller = callers.caller AND asked.status = 'cancelled' AND asked.admitted
), unqueued AS (
    DELETE FROM procrastinate_jobs AS j USING asked
     WHERE j.queueing_lock = asked.order_id::text AND j.status = 'todo' AND asked.status = 'cancelled'
)
SELECT caller, status FROM asked

-- name: admit_orders
-- Give queue jobs to orders that wait outside, as far as their callers have room; NULL means every caller.
-- Normal ones first; a low one that has waited an hour takes its place by arrival, or a steady
-- stream of normal ones would keep it out for ever. Inside the queue it still runs behind them.
-- Runs as a statement of its own: after the one that freed a place, it sees what came in meanwhile.
WITH room AS MATERIALIZED (
    SELECT c.caller, %(limit)s - c.admitted AS free FROM callers AS c
     WHERE c.admitted < %(limit)s
       AND (%(callers)s::text[] IS NULL OR c.caller = ANY(%(callers)s::text[]))
       -- Does anybody wait? The next one by the index tells: for EXISTS all of them may be read.
       AND (SELECT true FROM orders AS o WHERE o.caller = c.caller AND o.status = 'waiting' AND NOT o.admitted
             ORDER BY o.rank, o.arrival LIMIT 1)
     ORDER BY c.caller FOR UPDATE
), chosen AS MATERIALIZED (
    SELECT picked.order_id FROM room CROSS JOIN LATERAL (
        SELECT fitting.order_id FROM (VALUES (0::smallint), (1::smallint)) AS ranks (rank) CROSS JOIN LATERAL (
            -- Found by the index: to sort all who wait would cost the more the longer the line.
            SELECT o.order_id, o.rank, o.arrival, o.submitted_at FROM orders AS o
             WHERE o.caller = room.caller AND o.rank = ranks.rank AND o.status = 'waiting' AND NOT o.admitted
             ORDER BY o.arrival LIMIT room.free
               FOR UPDATE SKIP LOCKED  -- one that is being cancelled needs no place; waiting for it could deadlock
        ) AS fitting
         ORDER BY (fitting.rank = 1 AND fitting.submitted_at > now() - interval '1 hour'), fitting.arrival
         LIMIT room.free
    ) AS picked
), let_in AS (
    -- By their ids alone, which are locked: joined, or asked again whether they wait, all who wait may be read.
    UPDATE orders SET admitted = true WHERE order_id = ANY(ARRAY(SELECT chosen.order_id FROM chosen))
    RETURNING orders.order_id, orders.caller, orders.rank, orders.arrival
), counted AS (
    UPDATE callers SET admitted = callers.admitted + n.orders
      FROM (SELECT caller, count(*) AS orders FROM let_in GROUP BY caller) AS n
     WHERE callers.caller = n.caller
)
SELECT procrastinate_defer_jobs_v1(array_agg(
           ROW('orders', 'make_order', -rank, NULL, order_id::text,
               jsonb_build_object('order_id', order_id), NULL)::procrastinate_job_to_defer_v1
           ORDER BY rank, arrival
       )) AS job_ids
  FROM let_in HAVING count(*) > 0

-- name: requeue_lost
-- Give a queue job to admitted orders that have none, as after somebody emptied procrastinate's table.
SELECT procrastinate_defer_jobs_v1(array_agg(
           ROW('orders', 'make_order', -o.rank, NULL, o.order_id::text,
               jsonb_build_object('order_id', o.order_id), NULL)::procrastinate_job_to_defer_v1
           ORDER BY o.rank, o.arrival
       )) AS job_ids
  FROM orders AS o
 WHERE o.status IN ('waiting', 'running') AND o.admitted
   AND NOT EXISTS (
       SELECT FROM procrastinate_jobs AS j
        WHERE j.queueing_lock = o.order_id::text AND j.status IN ('todo', 'doing')
   )
HAVING count(*) > 0

-- name: claim_order
-- waiting -> running, or running -> running when the worker before was lost: the lease goes to us.
-- Not when its time to start is over, nor when it was lost and its caller wants no second attempt.
UPDATE orders
   SET status = 'running', lease = %(lease)s, attempts = orders.attempts + 1, started_at = now(), progress = NULL
  FROM (SELECT order_id, status FROM orders WHERE order_id = %(order_id)s FOR UPDATE) AS before
 WHERE orders.order_id = before.order_id AND orders.status IN ('waiting', 'running')
   AND NOT orders.cancel_requested AND orders.attempts < %(most_attempts)s
   AND CASE orders.status WHEN 'waiting' THEN orders.start_by IS NULL OR orders.start_by > now() ELSE orders.retries END
RETURNING orders.payload, orders.attempts, orders.retries, before.status = 'running' AS was_lost

-- name: end_unclaimable
-- waiting | running -> cancelled when that was asked; -> failed when it was taken up too often, when its one
-- worker was lost, or when nobody began it in time.
WITH ended AS (
    UPDATE orders
       SET status = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END,
           error_kind = CASE WHEN cancel_requested THEN NULL
                             WHEN attempts >= %(most_attempts)s OR status = 'running' THEN %(died_kind)s
                             ELSE %(late_kind)s END,
           error_message = CASE WHEN cancel_requested THEN NULL
                                WHEN attempts >= %(most_attempts)s THEN %(worn_words)s
                                WHEN status = 'running' THEN %(lost_words)s
                                ELSE %(late_words)s END,
           lease = NULL, ended_at = now()
     WHERE order_id = %(order_id)s AND status IN ('waiting', 'running')
       AND (cancel_requested OR attempts >= %(most_attempts)s
            OR CASE status WHEN 'waiting' THEN start_by <= now() ELSE NOT retries END)
    RETURNING caller, status, admitted
), freed AS (
    UPDATE callers SET admitted = callers.admitted - 1
      FROM ended WHERE ended.caller = callers.caller AND ended.admitted
)
SELECT caller, status FROM ended

-- name: write_progress
-- Keep the last report and append log lines of a running order, while we hold its lease.
WITH held AS (
    UPDATE orders
       SET progress = coalesce(%(progress)s::jsonb, progress), log_count = log_count + %(line_count)s
     WHERE order_id = %(order_id)s AND status = 'running' AND lease = %(lease)s
    RETURNING order_id, log_count - %(line_count)s AS base, cancel_requested
), written AS (
    INSERT INTO order_logs (order_id, seq, at, level, message, facts)
    SELECT held.order_id, held.base + l.place, l.at, l.level, l.message, l.facts
      FROM held, unnest(
               %(ats)s::timestamptz[], %(levels)s::text[], %(messages)s::text[], %(facts)s::jsonb[]
           ) WITH ORDINALITY AS l (at, level, message, facts, place)
)
SELECT cancel_requested FROM held

-- name: end_order
-- running -> done | failed, by the holder of the lease; a cancel that was accepted always ends as cancelled.
WITH ended AS (
    UPDATE orders
       SET status = CASE WHEN cancel_requested THEN 'cancelled' ELSE %(status)s::text END,
           result = CASE WHEN cancel_requested THEN NULL ELSE %(result)s::jsonb END,
           error_kind = CASE WHEN cancel_requested THEN NULL ELSE %(error_kind)s::text END,
           error_message = CASE WHEN cancel_requested THEN NULL ELSE %(error_message)s::text END,
           lease = NULL, ended_at = now()
     WHERE order_id = %(order_id)s AND status = 'running' AND lease = %(lease)s
    RETURNING caller, status, admitted
), freed AS (
    UPDATE callers SET admitted = callers.admitted - 1
      FROM ended WHERE ended.caller = callers.caller AND ended.admitted
)
SELECT caller, status FROM ended

-- name: give_back_order
-- running -> waiting, by the holder of the lease, unless a cancel was asked. A failed attempt does not stop
-- the clock of the start limit, as at fal; a worker that closes has begun in time, and its order is not late.
UPDATE orders
   SET status = 'waiting', lease = NULL, started_at = NULL, progress = NULL, attempts = attempts - %(refund)s,
       start_by = CASE %(refund)s WHEN 0 THEN start_by END
 WHERE order_id = %(order_id)s AND status = 'running' AND lease = %(lease)s AND NOT cancel_requested
RETURNING attempts

-- name: nudge_workers
-- procrastinate tells its workers of new jobs only; this tells them of one that came back. Each listens to its queue.
SELECT pg_notify('procrastinate_queue_v1#' || queue, '{"type": "job_inserted", "job_id": 0}')
  FROM unnest(ARRAY['orders', 'webhooks']) AS queue

-- name: sweep_line
-- Forget blocks of the line that everybody has left. One that somebody is just joining stays.
DELETE FROM line_blocks
 WHERE (rank, block) IN (SELECT rank, block FROM line_blocks WHERE waiting = 0 FOR UPDATE SKIP LOCKED)
RETURNING block

-- name: take_turn
-- Hold an advisory lock until this transaction ends, unless another process holds it.
SELECT pg_try_advisory_xact_lock(%(turn)s) AS ours

-- name: make_secret
-- Keep a secret under a name, unless there is one; the statement after this one reads which it is.
INSERT INTO server_secrets (name, secret) VALUES (%(called)s, %(secret)s) ON CONFLICT (name) DO NOTHING RETURNING name

-- name: read_secret
SELECT secret FROM server_secrets WHERE name = %(called)s
