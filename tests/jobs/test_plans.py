"""What runs each second, at each end and at each look costs the same however many orders there are."""

import json

import psycopg
import pytest

CALLERS = """
INSERT INTO callers VALUES ('many', 5, 0), ('few', 3, 0);
"""
ENDED = """
INSERT INTO orders (
    order_id, endpoint, payload, caller, rank, admitted, status, error_kind, error_message, ended_at
)
SELECT gen_random_uuid(), 'test', '{}', 'many', 0, false, 'failed', 'internal_server_error', 'long ago', now()
  FROM generate_series(1, 4000);
"""
WAITING = """
INSERT INTO orders (order_id, endpoint, payload, caller, rank, admitted)
SELECT gen_random_uuid(), 'test', '{}', 'many', n % 2, n <= 5 FROM generate_series(1, 4000) AS n;
INSERT INTO orders (order_id, endpoint, payload, caller, rank, admitted)
SELECT gen_random_uuid(), 'test', '{}', 'few', 0, true FROM generate_series(1, 3);
"""
MOST = 600  #: rows that a step may meet: a place is counted within one block of 512
PAGE = {"after": None, "with_forgotten": False, "limit": 20}


ADMISSIONS = [("admit_orders", {"callers": callers, "limit": 6}) for callers in (["many"], None)]


@pytest.fixture(params=["no statistics", "statistics"])
def filled(request, dsn):
    """A connection to a database with thousands of orders, half of which wait.

    "Old statistics" are of a time when nobody waited: PostgreSQL gathers them when it likes, also half-way.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE orders SET (autovacuum_enabled = false)")
        for step in (CALLERS, ENDED, WAITING):
            if step is WAITING and request.param == "old statistics":
                connection.execute("VACUUM ANALYZE")
            connection.execute(step)
        if request.param == "statistics":
            connection.execute("VACUUM ANALYZE")
        yield connection


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *ADMISSIONS,
        ("expire_late", {"error_kind": "x", "error_message": "x", "most": 500, "turn": 1}),
        ("forget_old", {"keeps_io": True, "kept_s": 60, "most": 500}),
        ("find_orders", {"order_ids": ["last"]}),
        ("newest_orders", {"caller": "few", **PAGE}),
        ("oldest_orders", {"caller": "few", **PAGE}),
    ],
)
def test_no_step_meets_all_orders(name, values, book, filled):
    """No part of the plan meets more rows than one block of the line has, whatever the statistics say."""
    if "order_ids" in values:
        last = filled.execute("SELECT order_id FROM orders ORDER BY arrival DESC LIMIT 1").fetchone()
        values = {"order_ids": list(last)}
    _check(name, values, book, filled)


@pytest.mark.parametrize("filled", ["old statistics"], indirect=True)
@pytest.mark.parametrize(("name", "values"), ADMISSIONS)
def test_admission_meets_few_orders_by_old_statistics(name, values, book, filled):
    """What follows the end of each film walks no line even while statistics say that nobody waits."""
    _check(name, values, book, filled)


def _check(name, values, book, filled):
    statement = b"EXPLAIN (ANALYZE, FORMAT JSON) " + book.database._statements[name]
    with filled.transaction(force_rollback=True):
        [(plan,)] = filled.execute(statement, values).fetchall()
    assert max(_rows(plan[0]["Plan"])) <= MOST, json.dumps(plan, indent=1)


def _rows(step):
    """How many rows each step met."""
    yield (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
    for below in step.get("Plans", ()):
        yield from _rows(below)
