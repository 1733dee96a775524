"""Machines without the JavaScript clients: a developer's skips with the reason, CI fails."""

import javascript
import pytest


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
@pytest.mark.parametrize("what", ["node", "browser"])
def test_what_is_lacking_is_told(monkeypatch, tmp_path, ci, outcome, what):
    """Cases 34 to 50: nobody takes skipped clients for tested ones."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(outcome, match=f"no {what}"):
        javascript.find_node(tmp_path) if what == "node" else javascript.find_browser()


def test_install_that_fails_tells_npms_words(monkeypatch, tmp_path):
    """Cases 34 to 50: without a network the reason is npm's own, and no half installation stays behind."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error network down' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.delenv("CI", raising=False)
    clients = tmp_path / "clients" / "node"
    with pytest.raises(pytest.skip.Exception, match="network down"):
        javascript._install(str(npm), clients)
    assert list(clients.parent.iterdir()) == []
