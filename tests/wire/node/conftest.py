"""The unmodified @fal-ai/client in Node, by each recipe of `docs/04-wire.md` that points it here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from held_films import held_film
from javascript import find_node

if TYPE_CHECKING:
    from collections.abc import Generator

    from javascript import Node
    from servers import Server

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way of pointing the client at one server."""

    name: str
    node: Node
    server: Server

    def run(self, program: str, ask: Any, **variables: str) -> dict[str, Any]:
        """Run one of the programs; see `Node.run`."""
        return self.node.run(PROGRAMS / f"{program}.mjs", ask, **self.environ(), **variables)

    def start(self, program: str, ask: Any) -> Any:
        """Begin one of the programs; its lines are read from what is returned."""
        return self.node.start(PROGRAMS / f"{program}.mjs", ask, **self.environ())

    def environ(self) -> dict[str, str]:
        """Return the variables that `recipes.mjs` reads."""
        exports = self.server.exports
        secure = f"https://{exports['FAL_QUEUE_RUN_HOST'].removesuffix('/queue')}"
        return {
            "RECIPE": self.name,
            "PLAIN": self.server.http,
            "SECURE": secure,
            "NODE_EXTRA_CA_CERTS": exports["SSL_CERT_FILE"],
        }

    def called(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what went over the wire as `method`, `url` as the client meant it, `status`, `body`."""
        return [
            {**entry, "url": entry["headers"].get("x-fal-target-url", entry["url"])}
            for entry in told["trace"]
        ]


@pytest.fixture(scope="session")
def node(root) -> Node:
    """Node, with the clients installed."""
    return find_node(root)


@pytest.fixture(params=["J1", "J2"])
def each_recipe(request, node, server) -> Recipe:
    """The shared server, by the proxy (J1) and by rewritten URLs (J2)."""
    return Recipe(name=request.param, node=node, server=server)


@pytest.fixture(params=["J1", pytest.param("J2", marks=pytest.mark.full)])
def recipe(request, node, server) -> Recipe:
    """The same; J2 in `make wire-full` only, where a test asks nothing of the way in."""
    return Recipe(name=request.param, node=node, server=server)


@pytest.fixture
def make_recipe(node, server):
    """Builds a recipe by its name, for the shared server or another."""
    return lambda name, running=server: Recipe(name=name, node=node, server=running)


@pytest.fixture(scope="session")
def http(server) -> Generator[httpx.Client]:
    """Raw requests to the shared server; one client, for each reads all roots anew."""
    with httpx.Client(base_url=server.http, timeout=60) as client:
        yield client


@pytest.fixture
def held(server):
    """A film on the shared server that is not finished before the test lets go."""
    with held_film(server) as film:
        yield film


@pytest.fixture
def held_first(server):
    """Another such film, to stand in the way."""
    with held_film(server) as film:
        yield film
