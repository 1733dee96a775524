"""The bounds check that the suite is run with does fire."""

import os
import subprocess
import sys
from pathlib import Path

PLANTED = """
import numpy as np
from soundstage.render.previz.kernels.compile import kernel

@kernel
def reach_beyond(row):
    return row[row.shape[0] + 3]

reach_beyond(np.zeros(4, np.float32))
print("nobody noticed")
"""


def test_planted_out_of_bounds_kernel_raises(tmp_path):
    """Under NUMBA_BOUNDSCHECK=1 a kernel that reads beyond its array raises; the suite in CI leans on it."""
    planted = tmp_path / "planted.py"
    planted.write_text(PLANTED)
    # A cache of its own: a warm one would ignore the flag.
    environ = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    told = subprocess.run(
        [sys.executable, str(planted)],
        capture_output=True,
        text=True,
        env=environ,
        cwd=Path.cwd(),
        check=False,
    )
    assert told.returncode != 0, told.stdout
    assert "IndexError" in told.stderr
    assert "nobody noticed" not in told.stdout
