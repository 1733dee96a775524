-- Version 1 of the order book. Applied once, after procrastinate's own schema, by migrate.py.
-- Released versions are never edited: a change is a further file in migrate.py's list.
--
-- The life of an order:
--   waiting -> running        a worker claimed it and holds the lease
--   running -> waiting        the worker gave it back (stopped, or a failure worth another attempt)
--   running -> running        another worker took it up: the first one was lost, its lease is void
--   running -> done | failed | cancelled
--   waiting -> cancelled      withdrawn before anybody began
--   waiting -> failed         taken up too often without an end

CREATE TABLE callers (
    caller text PRIMARY KEY,
    admitted integer NOT NULL CHECK (admitted >= 0),  -- orders of theirs with a queue job, not ended
    granted integer NOT NULL CHECK (granted >= 0)     -- how many the last submit let in; read back by that statement
);

CREATE TABLE orders (
    order_id uuid PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    endpoint text NOT NULL,
    payload jsonb NOT NULL,
    caller text NOT NULL REFERENCES callers,
    rank smallint NOT NULL CHECK (rank IN (0, 1)),    -- 0 normal, 1 low: behind all normal ones
    status text NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    admitted boolean NOT NULL,                        -- it was given a queue job
    lease uuid,                                       -- held by the one worker that may write and end it
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    cancel_requested boolean NOT NULL DEFAULT false,
    progress jsonb,                                   -- the last report
    log_count integer NOT NULL DEFAULT 0,             -- seq of the last log line
    result jsonb,
    error_kind text,
    error_message text,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,                           -- of the attempt that runs or ended it
    ended_at timestamptz,
    CONSTRAINT running_is_leased CHECK ((status = 'running') = (lease IS NOT NULL)),
    CONSTRAINT running_has_begun CHECK (status <> 'running' OR (started_at IS NOT NULL AND admitted)),
    CONSTRAINT final_has_ended CHECK ((status IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT done_has_result CHECK ((status = 'done') = (result IS NOT NULL)),
    CONSTRAINT failed_has_reason CHECK ((status = 'failed') = (error_kind IS NOT NULL)),
    CONSTRAINT reason_has_words CHECK ((error_kind IS NULL) = (error_message IS NULL)),
    CONSTRAINT cancelled_was_asked CHECK (status <> 'cancelled' OR cancel_requested)
) WITH (fillfactor = 80);  -- progress is rewritten in place ten times a second

-- The waiting line in its order: counts who is ahead.
CREATE INDEX orders_waiting_idx ON orders (rank, arrival) WHERE status = 'waiting';
-- Who waits outside the queue, by caller.
CREATE INDEX orders_held_back_idx ON orders (caller, arrival) WHERE status = 'waiting' AND NOT admitted;
-- What has not ended: the sweep looks for lost queue jobs here.
CREATE INDEX orders_open_idx ON orders (order_id) WHERE status IN ('waiting', 'running') AND admitted;

CREATE TABLE order_logs (
    order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    level text NOT NULL CHECK (level IN ('DEBUG', 'INFO', 'WARN', 'ERROR')),
    message text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (order_id, seq)
);

CREATE FUNCTION tell_order_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('soundstage_orders', NEW.order_id::text);
    IF NEW.cancel_requested AND NOT OLD.cancel_requested AND NEW.status = 'running' THEN
        PERFORM pg_notify('soundstage_cancels', NEW.order_id::text);
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER order_changed AFTER UPDATE OF status, progress, log_count, cancel_requested, attempts ON orders
    FOR EACH ROW EXECUTE FUNCTION tell_order_changed();
