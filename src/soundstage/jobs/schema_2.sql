-- Version 2: what callers may ask of an order beside its film, keys, and calls back to the caller.

ALTER TABLE orders
    ADD COLUMN body_hash bytea,                        -- of endpoint and body: is a repeated submit the same one?
    ADD COLUMN input json,                             -- the request's body as it was sent, for the history
    ADD COLUMN start_by timestamptz,                   -- still waiting then: waiting -> failed, start_timeout
    ADD COLUMN retries boolean NOT NULL DEFAULT true,  -- false: the first failure ends it
    ADD COLUMN keeps_io boolean NOT NULL DEFAULT true, -- false: input and output are forgotten soon after its end
    ADD COLUMN answer_base text,                       -- base of the URLs in the webhook's body, by the rule for answers
    ADD COLUMN webhook_url text,
    ADD COLUMN error_detail jsonb,                     -- every problem of an order that was refused after its submit
    ADD COLUMN forgotten_at timestamptz,               -- input and output are gone; the row stays for the history
    DROP CONSTRAINT done_has_result,
    ADD CONSTRAINT done_has_result
        CHECK (CASE WHEN forgotten_at IS NULL THEN (status = 'done') = (result IS NOT NULL) ELSE result IS NULL END),
    ADD CONSTRAINT forgotten_has_ended CHECK (forgotten_at IS NULL OR ended_at IS NOT NULL),
    ADD CONSTRAINT webhook_has_base CHECK (webhook_url IS NULL OR answer_base IS NOT NULL);

-- What is forgotten is news too: whoever keeps a copy must drop it.
DROP TRIGGER order_changed ON orders;
CREATE TRIGGER order_changed
    AFTER UPDATE OF status, progress, log_count, cancel_requested, attempts, forgotten_at ON orders
    FOR EACH ROW EXECUTE FUNCTION tell_order_changed();

-- Who waits outside the queue, by caller and rank: the next of each is found without looking at the others.
DROP INDEX orders_held_back_idx;
CREATE INDEX orders_held_back_idx ON orders (caller, rank, arrival) WHERE status = 'waiting' AND NOT admitted;
-- A caller's own orders, page by page.
CREATE INDEX orders_of_caller_idx ON orders (caller, arrival);
-- Who gives up if nobody begins in time.
CREATE INDEX orders_start_by_idx ON orders (start_by) WHERE status = 'waiting' AND start_by IS NOT NULL;
-- The history, newest first, and what is to be forgotten.
CREATE INDEX orders_history_idx ON orders (endpoint, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX orders_remembered_idx ON orders (keeps_io, ended_at) WHERE ended_at IS NOT NULL AND forgotten_at IS NULL;

-- The waiting line, counted in blocks of 512 arrivals: a place in it is found without walking it.
-- Rows change at each end of the line only, so that those who join do not wait for those who leave.
CREATE TABLE line_blocks (
    rank smallint NOT NULL,
    block bigint NOT NULL,                             -- arrival >> 9
    waiting integer NOT NULL CHECK (waiting >= 0),
    PRIMARY KEY (rank, block)
) WITH (fillfactor = 50);

INSERT INTO line_blocks
SELECT rank, arrival >> 9, count(*) FROM orders WHERE status = 'waiting' GROUP BY rank, arrival >> 9;

CREATE FUNCTION join_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO line_blocks AS b (rank, block, waiting)
    SELECT rank, arrival >> 9, count(*) FROM joined WHERE status = 'waiting' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (rank, block) DO UPDATE SET waiting = b.waiting + excluded.waiting;
    RETURN NULL;
END;
$$;

CREATE FUNCTION move_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status = 'waiting' THEN
        INSERT INTO line_blocks AS b (rank, block, waiting) VALUES (NEW.rank, NEW.arrival >> 9, 1)
        ON CONFLICT (rank, block) DO UPDATE SET waiting = b.waiting + 1;
    ELSE
        UPDATE line_blocks SET waiting = waiting - 1 WHERE rank = OLD.rank AND block = OLD.arrival >> 9;
    END IF;
    RETURN NULL;
END;
$$;

CREATE FUNCTION empty_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM line_blocks;
    RETURN NULL;
END;
$$;

CREATE TRIGGER orders_joined AFTER INSERT ON orders REFERENCING NEW TABLE AS joined
    FOR EACH STATEMENT EXECUTE FUNCTION join_line();
-- At the transaction's end, so that a block is the last thing locked: one that held it while it asked for a
-- caller's row could wait for ever for one that holds that row and joins the block.
CREATE CONSTRAINT TRIGGER order_moved_in_line AFTER UPDATE OF status ON orders DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ((OLD.status = 'waiting') <> (NEW.status = 'waiting')) EXECUTE FUNCTION move_in_line();

-- Nothing here deletes orders that wait; a person with psql may.
CREATE CONSTRAINT TRIGGER order_removed_from_line AFTER DELETE ON orders DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.status = 'waiting') EXECUTE FUNCTION move_in_line();
CREATE TRIGGER orders_removed AFTER TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION empty_line();

CREATE TABLE deliveries (
    delivery_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid NOT NULL UNIQUE REFERENCES orders ON DELETE CASCADE,
    url text NOT NULL,
    status text NOT NULL DEFAULT 'due' CHECK (status IN ('due', 'delivered', 'failed')),
    body bytea,                                        -- made at the first attempt; every attempt sends these bytes
    forgets boolean NOT NULL DEFAULT false,            -- its order was forgotten: no bytes are kept after its end
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    last_code integer,                                 -- the receiver's answer, if there was one
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    next_at timestamptz,                               -- of the next attempt, while it is due
    ended_at timestamptz,
    CONSTRAINT ended_is_not_due CHECK ((status = 'due') = (ended_at IS NULL))
);
CREATE INDEX deliveries_due_idx ON deliveries (next_at) WHERE status = 'due';
CREATE INDEX deliveries_newest_idx ON deliveries (created_at);

-- Whatever ends an order, in whichever process, its caller's delivery is due in the same transaction.
CREATE FUNCTION owe_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed uuid;
BEGIN
    INSERT INTO deliveries (order_id, url, next_at) VALUES (NEW.order_id, NEW.webhook_url, now())
    ON CONFLICT (order_id) DO NOTHING RETURNING delivery_id INTO owed;
    IF owed IS NOT NULL THEN
        PERFORM procrastinate_defer_jobs_v1(ARRAY[
            ROW('webhooks', 'deliver_webhook', 0, NULL, owed::text,
                jsonb_build_object('delivery_id', owed), NULL)::procrastinate_job_to_defer_v1
        ]);
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER order_ended AFTER UPDATE OF status ON orders FOR EACH ROW
    WHEN (NEW.webhook_url IS NOT NULL AND NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL)
    EXECUTE FUNCTION owe_delivery();
CREATE TRIGGER order_born_ended AFTER INSERT ON orders FOR EACH ROW
    WHEN (NEW.webhook_url IS NOT NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION owe_delivery();

-- What is forgotten is not kept for a repeated webhook either. One that is still due keeps its bytes until
-- it is through (note_attempt): all its attempts send the same.
CREATE FUNCTION forget_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deliveries SET forgets = true, body = CASE status WHEN 'due' THEN body END WHERE order_id = NEW.order_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER order_forgotten AFTER UPDATE OF forgotten_at ON orders FOR EACH ROW
    WHEN (NEW.webhook_url IS NOT NULL AND NEW.forgotten_at IS NOT NULL AND OLD.forgotten_at IS NULL)
    EXECUTE FUNCTION forget_delivery();

CREATE TABLE keys (
    key_id text PRIMARY KEY,
    secret_hash bytea NOT NULL,                        -- SHA-256 of a secret of 256 random bits: nothing to guess
    label text NOT NULL,
    scope text NOT NULL CHECK (scope IN ('api', 'admin')),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE TABLE signing_keys (
    key_id text PRIMARY KEY,
    private_key bytea NOT NULL,                        -- Ed25519, 32 bytes
    created_at timestamptz NOT NULL DEFAULT now(),
    signs_from timestamptz NOT NULL DEFAULT now(),     -- the newest whose time has come signs; it is published before
    withdrawn_at timestamptz                           -- published no more
);

-- What every API process must agree on: the secret behind upload tokens, signed URLs and repeated submits.
CREATE TABLE server_secrets (
    name text PRIMARY KEY,
    secret bytea NOT NULL
);
