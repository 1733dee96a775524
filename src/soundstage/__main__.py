"""`python -m soundstage`: the terminal door, also for the processes that the server starts."""

from soundstage.cli import main

if __name__ == "__main__":
    main()
