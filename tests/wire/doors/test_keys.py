"""Case 29: a server that asks for keys, and what the clients make of its refusals."""

import json
from pathlib import Path

import httpx
from javascript import find_node
from keyed_server import command, wait_for

PROGRAM = Path(__file__).parent / "wrong_key.mjs"
APP = "fal-ai/kling-video"


def _python(keyed, code, key):
    exports = {**keyed.server.exports, "FAL_KEY": key}
    environ = {k: v for k, v in keyed.server.environ.items() if not k.startswith(("SOUNDSTAGE_", "FAL_"))}
    return keyed.python(code, {**environ, **exports})


def test_the_printed_exports_make_up_no_key(keyed):
    """Case 29: a server that asks for keys prints no FAL_KEY; the user's own stays."""
    assert "FAL_KEY" not in keyed.server.exports
    assert keyed.where["asks_for_keys"] is True


def test_a_good_key_makes_a_film(keyed, ep, small):
    """Case 29: `fal_client` with a key of `soundstage keys add` works as it does without keys."""
    code = (
        f"import fal_client, json; out = fal_client.subscribe({ep!r},"
        f" arguments={{**{small!r}, 'prompt': 'A lake'}}); print(json.dumps(out['video']))"
    )
    told = _python(keyed, code, keyed.key)
    assert told.returncode == 0, told.stderr
    url = json.loads(told.stdout)["url"]
    # The film itself is open to whoever has its name: clients fetch it without a key.
    assert httpx.get(url.replace(url.split("/files/")[0], keyed.server.http)).status_code == 200


def test_python_with_a_wrong_key_is_told_at_once(keyed, ep):
    """Case 29: a wrong key is a FalClientHTTPError 401 with fal's words, and no attempt is repeated."""
    wrong = keyed.key.split(":")[0] + ":" + "0" * 64
    code = (
        "import fal_client\n"
        f"for key in ({wrong!r}, 'nonsense'):\n"
        "    client = fal_client.SyncClient(key=key)\n"
        "    for call in (client.run, client.submit, client.subscribe):\n"
        f"        try: call({ep!r}, arguments={{'prompt': 'A lake'}})\n"
        "        except fal_client.client.FalClientHTTPError as e: print(e.status_code, e.message, sep='|')\n"
    )
    told = _python(keyed, code, "a:b").stdout.splitlines()
    no_format = "401|Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."
    assert told == ["401|No user found for Key ID and Secret"] * 3 + [no_format] * 3


def test_python_with_a_wrong_key_uploads_nothing(keyed):
    """Case 29: an upload asks for a token first, and is refused there."""
    code = (
        "import fal_client\ntry: fal_client.upload(b'x', 'text/plain')\n"
        "except Exception as e: print(getattr(getattr(e, 'response', e), 'status_code', type(e)))\n"
    )
    environ = keyed.tunnel_environ("a:b")
    told = keyed.python(code, environ)
    assert told.stdout.strip() == "401", told.stdout + told.stderr


def test_javascript_with_a_wrong_key_is_told_at_once(root, keyed):
    """Case 29: in JavaScript it is an ApiError 401 whose body is readable, with a wrong key and with none."""
    told = find_node(root).run(PROGRAM, {"server": keyed.server.http, "keys": ["a:b", None, keyed.key]})
    words = "Authentication is required: send the header 'Authorization: Key <key_id>:<key_secret>'."
    assert told == [
        {"name": "ApiError", "status": 401, "detail": "No user found for Key ID and Secret", "calls": 1},
        {"name": "ApiError", "status": 401, "detail": words, "calls": 1},
        {"name": "ValidationError", "status": 422, "detail": "body", "calls": 1},
    ]


def test_401_comes_before_404(keyed):
    """Case 29: a stranger does not learn which orders, endpoints and paths there are."""
    with keyed.caller(None) as stranger:
        for path in ("/nowhere", f"/queue/{APP}/requests/x/status", "/run/a/b", "/v1/models"):
            assert stranger.get(path).status_code == 401
        assert stranger.get("/health/ready").status_code == 200
        assert stranger.get("/.well-known/jwks.json").status_code == 200


def test_both_schemes_open_the_second_door(keyed):
    """Case 29: OpenAI's clients send `Bearer`: the same key opens."""
    with keyed.caller(None) as caller:
        answer = caller.get("/v1/models", headers={"authorization": f"Bearer {keyed.key}"})
    assert answer.json()["object"] == "list"


def test_an_admins_key_reads_the_history(keyed, ep):
    """Case 29: what is everybody's business needs a key of scope admin."""
    path = f"/v1/models/requests/by-endpoint?endpoint_id={ep}"
    with keyed.caller(keyed.key) as caller, keyed.caller(keyed.admin) as admin:
        assert caller.get(path).status_code == 403
        assert admin.get(path).status_code == 200


def test_a_revoked_key_dies_in_a_running_server(keyed):
    """Case 29: `keys revoke` beside the server locks its holder out, and `keys list` shows no secret."""
    made = keyed.command("keys", "add", "--label", "to be lost").stdout.strip()
    key_id, secret = made.split(":")
    with keyed.caller(made) as caller:
        wait_for(caller, 404)
        told = keyed.command("keys", "revoke", made)
        assert (told.returncode, secret in told.stdout) == (0, False)
        wait_for(caller, 401)
    listed = keyed.command("keys", "list").stdout
    (line,) = [line for line in listed.splitlines() if key_id in line]
    assert "revoked" in line
    assert "to be lost" in line
    assert secret not in listed
    assert keyed.command("keys", "revoke", "nobody:nothing").returncode == 1


def test_a_server_for_others_without_a_key_does_not_start(open_folder, wire_environ):
    """Case 29: bound beyond loopback without a key there is no server, and the two ways out are named."""
    home = open_folder / "wire-refused"
    flags = ("--host", "0.0.0.0", "--port", "0", "--tls-port", "0")  # noqa: S104 - to be refused
    told = command({**wire_environ, "SOUNDSTAGE_HOME": str(home)}, "serve", *flags)
    assert told.returncode == 1
    assert "soundstage keys add" in told.stderr
    assert "--open-to-all" in told.stderr
    assert not (home / "run" / "server.json").exists()
