"""The wheel, installed outside the checkout by somebody who may not write to site-packages."""

import json
import subprocess
import sys

import pytest
from films import look


@pytest.mark.full
def test_wheel_makes_a_film_with_read_only_site_packages(root, tmp_path, clean_environ):
    """Compiled kernels go to SOUNDSTAGE_HOME, never into the installation."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "build", "--quiet", "--wheel", "--out-dir", tmp_path, root], check=True)
    (wheel,) = tmp_path.glob("soundstage-*.whl")
    place = tmp_path / "place"
    locked = tmp_path / "locked.txt"
    export = [*uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--project", root]
    subprocess.run([*export, "--output-file", locked], check=True, capture_output=True)
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, place], check=True)
    python = place / "bin" / "python"
    install = [*uv, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, "--require-hashes", "-r", locked], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    packages = next((place / "lib").glob("python3*/site-packages/soundstage"))
    for path in [*packages.rglob("*"), packages]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(str(p) for p in packages.rglob("*"))
    environ = {k: v for k, v in clean_environ.items() if k not in ("NUMBA_CACHE_DIR", "PYTHONPATH")}
    environ |= {"SOUNDSTAGE_HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    film = tmp_path / "film.mp4"
    flags = ("-o", film, "--seconds", "3", "--resolution", "360p")
    told = subprocess.run(
        [place / "bin" / "soundstage", "film", "Fireflies in a forest", "--json", *flags],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["frame_count"] == 72
    assert look(film).frames == 72
    assert sorted(str(p) for p in packages.rglob("*")) == before
    assert list((tmp_path / "home" / "cache" / "kernels").rglob("*.nbi")), (
        "no kernel was cached in the data folder"
    )
