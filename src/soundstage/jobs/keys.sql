-- Keys: who may call. Only a hash of each secret is here. Read by database.py as queries.sql is.

-- name: add_key
INSERT INTO keys (key_id, secret_hash, label, scope)
VALUES (%(key_id)s, %(secret_hash)s, %(label)s, %(scope)s)
RETURNING key_id, label, scope, created_at, revoked_at

-- name: list_keys
SELECT key_id, label, scope, created_at, revoked_at FROM keys ORDER BY created_at, key_id

-- name: revoke_key
UPDATE keys SET revoked_at = coalesce(revoked_at, now()) WHERE key_id = %(key_id)s
RETURNING key_id, label, scope, created_at, revoked_at

-- name: read_live_keys
SELECT key_id, secret_hash, scope FROM keys WHERE revoked_at IS NULL
