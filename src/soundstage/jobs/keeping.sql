-- What any process does now and then, whoever began it, and what an operator does to many orders at once.
--
-- Locks are taken in one order everywhere: orders, then callers by name, then orders that nobody else holds,
-- then blocks of the line by rank and number.
-- What ends many orders does so in turns: it holds many locks.

-- name: expire_late
-- waiting -> failed: nobody began them in time. Their places are free; `admit_orders` follows.
-- An order that somebody holds is being begun, withdrawn or expired: it is passed over.
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(%(turn)s) AS ours
     WHERE (SELECT min(start_by) FROM orders WHERE status = 'waiting') <= now()
), late AS MATERIALIZED (
    SELECT order_id, caller, rank, arrival FROM orders
     WHERE status = 'waiting' AND start_by <= now() AND (SELECT ours FROM turn)
     ORDER BY start_by LIMIT %(most)s FOR UPDATE SKIP LOCKED
), places AS MATERIALIZED (
    SELECT caller FROM callers WHERE caller IN (SELECT caller FROM late) ORDER BY caller FOR UPDATE
), blocks AS MATERIALIZED (
    SELECT block FROM line_blocks
     WHERE (rank, block) IN (SELECT rank, arrival >> 9 FROM late) AND (SELECT count(*) FROM places) > 0
     ORDER BY rank, block FOR UPDATE
), ended AS (
    UPDATE orders
       SET status = 'failed', error_kind = %(error_kind)s, error_message = %(error_message)s, ended_at = now()
      FROM late WHERE orders.order_id = late.order_id AND orders.status = 'waiting'
    RETURNING orders.order_id, orders.caller, orders.admitted
), freed AS (
    UPDATE callers SET admitted = callers.admitted - n.orders
      FROM (SELECT caller, count(*) AS orders FROM ended WHERE admitted GROUP BY caller) AS n
      JOIN places USING (caller)
     WHERE callers.caller = n.caller
), unqueued AS (
    DELETE FROM procrastinate_jobs AS j USING ended
     WHERE j.queueing_lock = ended.order_id::text AND j.status = 'todo'
)
SELECT order_id, caller FROM ended
 WHERE (SELECT count(*) FROM blocks) >= 0  -- a CTE nobody reads would not run

-- name: flush_orders
-- waiting -> cancelled, all of an endpoint or a caller (NULL: of every one), a batch at a time.
WITH turn AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(%(turn)s) IS NOT NULL AS ours
), chosen AS MATERIALIZED (
    SELECT order_id, caller, rank, arrival FROM orders
     WHERE status = 'waiting' AND (SELECT ours FROM turn)
       AND (%(endpoint)s::text IS NULL OR endpoint = %(endpoint)s)
       AND (%(caller)s::text IS NULL OR caller = %(caller)s)
     ORDER BY rank, arrival LIMIT %(most)s FOR UPDATE SKIP LOCKED
), places AS MATERIALIZED (
    SELECT caller FROM callers WHERE caller IN (SELECT caller FROM chosen) ORDER BY caller FOR UPDATE
), blocks AS MATERIALIZED (
    SELECT block FROM line_blocks
     WHERE (rank, block) IN (SELECT rank, arrival >> 9 FROM chosen) AND (SELECT count(*) FROM places) > 0
     ORDER BY rank, block FOR UPDATE
), ended AS (
    UPDATE orders SET status = 'cancelled', cancel_requested = true, ended_at = now()
      FROM chosen WHERE orders.order_id = chosen.order_id AND orders.status = 'waiting'
    RETURNING orders.order_id, orders.caller, orders.admitted
), freed AS (
    UPDATE callers SET admitted = callers.admitted - n.orders
      FROM (SELECT caller, count(*) AS orders FROM ended WHERE admitted GROUP BY caller) AS n
      JOIN places USING (caller)
     WHERE callers.caller = n.caller
), unqueued AS (
    DELETE FROM procrastinate_jobs AS j USING ended
     WHERE j.queueing_lock = ended.order_id::text AND j.status = 'todo'
)
SELECT order_id, caller FROM ended
 WHERE (SELECT count(*) FROM blocks) >= 0  -- a CTE nobody reads would not run

-- name: forget_old
-- Input and output go once they were kept as long as was promised; the row stays for the history.
-- A webhook that is still due needs the output: its order is forgotten later.
UPDATE orders SET payload = '{}', input = NULL, result = NULL, error_detail = NULL, forgotten_at = now()
 WHERE order_id IN (
     SELECT o.order_id FROM orders AS o
      WHERE o.keeps_io = %(keeps_io)s AND o.forgotten_at IS NULL
        AND o.ended_at <= now() - %(kept_s)s * interval '1 second'
        AND (o.webhook_url IS NULL OR NOT EXISTS (
            SELECT FROM deliveries AS d WHERE d.order_id = o.order_id AND d.status = 'due'
        ))
      ORDER BY o.ended_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
 )
RETURNING order_id

-- name: forget_order
-- The same for one order, at once.
UPDATE orders SET payload = '{}', input = NULL, result = NULL, error_detail = NULL, forgotten_at = now()
 WHERE order_id = %(order_id)s AND ended_at IS NOT NULL AND forgotten_at IS NULL
RETURNING order_id
