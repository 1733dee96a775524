"""Door 2: the terminal. Reads flags, prints answers; every part it uses is built by `soundstage.app`."""

from __future__ import annotations

import gc
import sys

from soundstage.cli.shortcut import answer_at_once
from soundstage.errors import SoundstageError

__all__ = ["main"]

#: 2 as for every misuse of a command line; 1 when the work itself failed; 130 as the shell does for Ctrl-C
EXIT_FAILED, EXIT_INTERRUPTED = 1, 130


def main() -> None:
    """Run the command line; an error of ours is one readable line, never a traceback."""
    try:
        if not answer_at_once(sys.argv[1:], sys.stdout):
            from soundstage.cli.commands import cli

            cli()
    except SoundstageError as exc:
        sys.stderr.write(f"soundstage: {exc}\n")
        raise SystemExit(EXIT_FAILED) from exc
    except KeyboardInterrupt:
        sys.stderr.write("\nsoundstage: stopped\n")
        raise SystemExit(EXIT_INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output went away (`soundstage plan ... | head`): nothing is left to say.
        sys.stderr.close()
        raise SystemExit(EXIT_FAILED) from None
    finally:
        gc.freeze()  # or the interpreter would look through all that was loaded once more before it ends
