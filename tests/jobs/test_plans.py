"""What runs each second, at each end and at each look costs the same however many orders there are."""

import json

import psycopg
import pytest

FILLED = """
INSERT INTO callers VALUES ('many', 5, 0), ('few', 3, 0);
INSERT INTO orders (
    order_id, endpoint, payload, caller, rank, admitted, status, error_kind, error_message, ended_at
)
SELECT gen_random_uuid(), 'test', '{}', 'many', 0, false, 'failed', 'internal_server_error', 'long ago', now()
  FROM generate_series(1, 4000);
INSERT INTO orders (order_id, endpoint, payload, caller, rank, admitted)
SELECT gen_random_uuid(), 'test', '{}', 'many', n % 2, n <= 5 FROM generate_series(1, 4000) AS n;
INSERT INTO orders (order_id, endpoint, payload, caller, rank, admitted)
SELECT gen_random_uuid(), 'test', '{}', 'few', 0, true FROM generate_series(1, 3);
"""
MOST = 600  #: rows that a step may meet: a place is counted within one block of 512
PAGE = {"after": None, "with_forgotten": False, "limit": 20}


@pytest.fixture
def filled(dsn):
    """A connection to a database with thousands of orders, half of which wait."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(FILLED)
        yield connection


@pytest.mark.parametrize("has_statistics", [False, True])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("admit_orders", {"callers": ["many"], "limit": 6}),
        ("admit_orders", {"callers": None, "limit": 6}),
        ("expire_late", {"error_kind": "x", "error_message": "x", "most": 500, "turn": 1}),
        ("forget_old", {"keeps_io": True, "kept_s": 60, "most": 500}),
        ("find_orders", {"order_ids": ["last"]}),
        ("newest_orders", {"caller": "few", **PAGE}),
        ("oldest_orders", {"caller": "few", **PAGE}),
    ],
)
def test_no_step_meets_all_orders(name, values, has_statistics, book, filled):
    """No part of the plan meets more rows than one block of the line has, with statistics or without."""
    if has_statistics:
        filled.execute("VACUUM ANALYZE")
    if "order_ids" in values:
        last = filled.execute("SELECT order_id FROM orders ORDER BY arrival DESC LIMIT 1").fetchone()
        values = {"order_ids": list(last)}
    statement = b"EXPLAIN (ANALYZE, FORMAT JSON) " + book.database._statements[name]
    with filled.transaction(force_rollback=True):
        [(plan,)] = filled.execute(statement, values).fetchall()
    assert max(_rows(plan[0]["Plan"])) <= MOST, json.dumps(plan, indent=1)


def _rows(step):
    """How many rows each step met."""
    yield (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
    for below in step.get("Plans", ()):
        yield from _rows(below)
