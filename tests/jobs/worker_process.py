"""A worker as a process: DSN, stage command and options as JSON. Code 3: the database went away."""

import asyncio
import json
import logging
import os
import sys

from soundstage.errors import DatabaseError
from soundstage.jobs.worker import Worker


async def main() -> None:
    """Work until told to stop."""
    dsn, stage_argv, options = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    await Worker(dsn=dsn, stage_argv=stage_argv, stage_environ=os.environ, **options).run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        asyncio.run(main())
    except DatabaseError as exc:
        sys.stderr.write(f"{exc}\n")
        sys.exit(3)
