"""An owner of an embedded PostgreSQL as a process: HOME, SHARED_ROOT. Prints pid and DSN of the server."""

import os
import signal
import sys
from pathlib import Path

from soundstage.errors import SoundstageError
from soundstage.jobs.embedded import EmbeddedPostgres

if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with EmbeddedPostgres(Path(sys.argv[1]), environ=os.environ, shared_root=Path(sys.argv[2])) as server:
            sys.stdout.write(f"{server.pid} {server.dsn()}\n")
            sys.stdout.flush()
            while True:
                signal.pause()
    except SoundstageError as exc:
        sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
        sys.exit(2)
