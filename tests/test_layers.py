"""The layout is law: folders know only whom they may know, files stay small, importing does nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "soundstage"

#: what each folder may import of ours; `film` and `errors` are free to all
ALLOWED = {
    "api": {"api", "locks"},
    "cli": {"cli", "app", "checkup", "delivering", "errands", "planning", "serving", "warmth", "whereabouts"},
    "jobs": {"jobs", "locks"},
    "models": {"models", "plan"},
    "plan": {"plan"},
    "render": {"render", "locks"},
    "sound": {"sound"},
    "stitch": {"stitch"},
    "storage": {"storage"},
    "webhooks": {"webhooks"},
}
#: the pipeline and the shop window name types of stages; the composition root names all of them
ROOM_OF_THEIR_OWN = {
    "app",
    "checkup",
    "delivering",
    "entrance",
    "errands",
    "serving",
    "warmth",
    "whereabouts",
    "pipeline",
    "planning",
    "testing",
    "__init__",
    "__main__",
    "upkeep",
}
FREE = {
    "addresses",
    "caller_errors",
    "film",
    "screenplay",
    "errors",
    "file_errors",
    "lifecycle",
    "performance",
    "plain",
    "webhook_errors",
}


def _imports(path: Path) -> set[str]:
    """Return the first part below `soundstage` of everything a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "soundstage":
                names = [f"soundstage.{alias.name}" for alias in node.names]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports relatively"
        found |= {name.split(".")[1] for name in names if name.startswith("soundstage.")}
    return found


def _files() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("folder", sorted(ALLOWED))
def test_stages_know_only_whom_they_may(folder):
    """Stages never import each other; `jobs` knows no video, `api` no engine and no pipeline."""
    for path in sorted((SRC / folder).rglob("*.py")):
        strangers = _imports(path) - ALLOWED[folder] - FREE
        assert not strangers, f"{path.relative_to(SRC)} imports {sorted(strangers)}"


def test_engines_know_only_the_contract():
    """An engine's code imports `render.engine` and its own folder, as a stranger's plug-in would."""
    for path in sorted((SRC / "render" / "previz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("soundstage.render"):
                own = node.module.startswith("soundstage.render.previz")
                assert own or node.module == "soundstage.render.engine", f"{path}: {node.module}"


def test_models_know_only_the_planner_s_ports():
    """What the planner asks knows what it is asked for, not how the planner works."""
    for path in sorted((SRC / "models").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("soundstage.plan"):
                assert node.module == "soundstage.plan.ports", f"{path}: {node.module}"


def test_every_file_has_a_room():
    """A module is in a known folder or is one of the few that stand above the folders."""
    for path in _files():
        first = path.relative_to(SRC).parts[0].removesuffix(".py")
        known = set(ALLOWED) | FREE | ROOM_OF_THEIR_OWN | {"config", "locks"}
        assert first in known, f"{path.relative_to(SRC)} has no room in the layout"


def test_files_stay_small():
    """No file is over 300 lines, so that each can be read in one sitting."""
    long = {
        str(p.relative_to(SRC)): n for p in _files() if (n := len(p.read_text("utf-8").splitlines())) > 300
    }
    assert not long, long


def test_no_rooms_without_a_noun():
    """There is no place to dump things into."""
    bad = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [p for p in SRC.rglob("*") if p.stem in bad]


def test_modules_and_tests_say_what_they_hold():
    """Each module says where it stands; each test states its rule."""
    for path in _files():
        if path.read_text("utf-8").strip():
            assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} has no docstring"
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name} states no rule"


def test_shop_window_is_sorted_and_true():
    """`from soundstage import ...` offers what `__all__` says, in order."""
    import soundstage

    assert soundstage.__all__ == sorted(soundstage.__all__)
    for name in soundstage.__all__:
        assert getattr(soundstage, name) is not None


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        (
            "soundstage.app",
            "numba cv2 torch diffusers av procrastinate py3langid scipy psycopg PIL numpy pydantic",
        ),
        (
            "soundstage.cli",
            "numba cv2 torch av procrastinate scipy psycopg PIL numpy pydantic rich starlette",
        ),
        ("soundstage.plan", "numba cv2 torch av procrastinate scipy psycopg PIL numpy pydantic"),
        ("soundstage.api", "numba cv2 torch av procrastinate scipy psycopg PIL"),
        ("soundstage.render.previz.engine", "numba cv2 torch av scipy PIL"),
        ("soundstage.sound", "numba cv2 torch av scipy"),
        ("soundstage.stitch", "numba cv2 torch av scipy"),
        ("soundstage.jobs", "numba cv2 torch av scipy numpy"),
    ],
)
def test_importing_loads_nothing_heavy(module, heavy):
    """A door opens at once: what is heavy loads where it is used."""
    code = f"import sys, {module}; print(sorted(set({heavy.split()!r}) & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]", told.stdout
