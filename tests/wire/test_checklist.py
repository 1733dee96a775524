"""The checklist of the wire: 65 cases, each held by a test. Reads what the tests say of themselves."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
CASES = 65
#: "Case 12: ...", "Cases 10, 11: ...", "Cases 46 and 47: ..."
_NAMED = re.compile(r"Cases? (\d+(?:(?:, | and |, and )\d+)*)[:,]")


def test_every_case_has_a_test():
    """Each of the 65 cases is named by the docstring of at least one test function."""
    held: dict[int, list[str]] = {case: [] for case in range(1, CASES + 1)}
    for path in sorted(HERE.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name[:5] != "test_":
                continue
            named = _NAMED.match(ast.get_docstring(node) or "")
            for case in map(int, re.findall(r"\d+", named[1])) if named else ():
                assert case in held, f"{path.name}: {node.name} names case {case}"
                held[case].append(f"{path.relative_to(HERE)}::{node.name}")
    assert not [case for case, tests in held.items() if not tests]
