-- The keys that sign webhooks. The newest whose time has come signs; all are published until withdrawn.

-- name: await_turn
-- Hold an advisory lock until this transaction ends; wait while another process holds it.
SELECT pg_advisory_xact_lock(%(turn)s)

-- name: published_keys
-- By the clock, not now(): a transaction that waited for its turn began before the key it must see.
SELECT key_id, private_key, created_at, signs_from, signs_from <= clock_timestamp() AS begun
  FROM signing_keys WHERE withdrawn_at IS NULL ORDER BY signs_from DESC, created_at DESC

-- name: add_signing_key
INSERT INTO signing_keys (key_id, private_key, signs_from)
VALUES (%(key_id)s, %(private_key)s, now() + make_interval(secs => %(after_s)s))
RETURNING key_id

-- name: withdraw_signing_key
UPDATE signing_keys SET withdrawn_at = now() WHERE key_id = %(key_id)s AND withdrawn_at IS NULL RETURNING key_id
