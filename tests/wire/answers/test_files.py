"""Answers about files: uploads of every kind, reading, access. Held to stored ones."""

from golden import check_golden

BYTES = b"hello, lake"
TYPE = {"content-type": "text/plain"}


def test_the_direct_way(http):
    """A token, then the bytes, then their URL."""
    token = http.post("/storage/auth/token?storage_type=fal-cdn-v3", json={})
    body = token.json()
    check_golden("files/token", token, token=body["token"])
    bearer = {"authorization": f"{body['token_type']} {body['token']}", "x-fal-file-name": "lake.txt"}
    uploaded = http.post("/files/upload", content=BYTES, headers={**TYPE, **bearer})
    check_golden("files/upload", uploaded, name=_name(uploaded.json()["access_url"]))
    check_golden(
        "files/read", http.get(uploaded.json()["access_url"]), name=_name(uploaded.json()["access_url"])
    )


def test_a_signed_url(http):
    """`initiate`, then PUT to where it says; a ticket that is not ours opens nothing."""
    asked = {"file_name": "lake.txt", "content_type": "text/plain"}
    planned = http.post("/storage/upload/initiate?storage_type=fal-cdn-v3", json=asked)
    body = planned.json()
    ticket = body["upload_url"].partition("?ticket=")[2]
    name = _name(body["file_url"])
    check_golden("files/initiate", planned, ticket=ticket, name=name)
    forged = body["upload_url"].replace(ticket, "x" * len(ticket))
    check_golden("files/put_forged", http.put(forged, content=BYTES))
    check_golden("files/put_signed", http.put(body["upload_url"], content=BYTES), name=name)
    check_golden("files/initiate_no_object", http.post("/storage/upload/initiate", json=[]))


def test_in_parts(http):
    """Both beginnings, a part, the end; and ends that name what never came."""
    begun = http.post("/files/upload/multipart", headers={**TYPE, "x-fal-file-name": "lake.txt"})
    url, upload_id = begun.json()["access_url"], begun.json()["uploadId"]
    places = {"upload_id": upload_id, "name": _name(url)}
    check_golden("files/begin", begun, **places)
    part = http.put(f"{url}/multipart/{upload_id}/1", content=BYTES)
    etag = part.json()["etag"]
    places["etag"] = etag.strip('"')
    check_golden("files/part", part, **places)
    complete = f"{url}/multipart/{upload_id}/complete"
    check_golden("files/complete_no_list", http.post(complete, json={}), **places)
    lacking = {"parts": [{"partNumber": 1, "etag": etag}, {"partNumber": 2, "etag": etag}]}
    check_golden("files/complete_lacking", http.post(complete, json=lacking), **places)
    wrong = {"parts": [{"partNumber": 1, "etag": '"0"'}]}
    check_golden("files/complete_wrong_tag", http.post(complete, json=wrong), **places)
    right = {"parts": [{"partNumber": 1, "etag": etag}]}
    whole = http.post(complete, json=right)
    check_golden("files/complete", whole, **places, whole=whole.json()["etag"].strip('"'))
    unknown = f"{url}/multipart/{'0' * len(upload_id)}/1"
    check_golden("files/part_unknown", http.put(unknown, content=BYTES), **places)

    asked = {"file_name": "lake.txt", "content_type": "text/plain"}
    planned = http.post("/storage/upload/initiate-multipart", json=asked)
    other = planned.json()["upload_url"].rpartition("/")[2]
    check_golden("files/initiate_multipart", planned, upload_id=other, name=_name(planned.json()["file_url"]))


def test_reading(http):
    """What is not there, a range, and a range outside."""
    url = _upload(http)
    check_golden("files/unknown", http.get("/files/nobody/lake.txt"))
    check_golden("files/range", http.get(url, headers={"range": "bytes=0-4"}), name=_name(url))
    check_golden("files/range_outside", http.get(url, headers={"range": "bytes=900-"}))
    check_golden("files/read_by_post", http.post(url), name=_name(url))


def test_access(http):
    """ACLs, links that are signed, and what a stranger reads."""
    url = _upload(http, '{"initial_acl": {"default": "forbid"}}')
    places = {"name": _name(url)}
    check_golden("files/forbidden", http.get(url), **places)
    check_golden("files/acl", http.get("/v1/storage/files/acl", params={"url": url}), **places)
    signed = http.post("/v1/storage/files/sign", params={"url": url}, json={"expiration_seconds": 60})
    seal = signed.json()["signed_url"].partition("identity=")[2]
    check_golden("files/sign", signed, **places, seal=seal)
    assert http.get(signed.json()["signed_url"]).content == BYTES
    too_long = {"expiration_seconds": 604_801}
    check_golden(
        "files/sign_too_long", http.post("/v1/storage/files/sign", params={"url": url}, json=too_long)
    )
    check_golden("files/sign_no_url", http.post("/v1/storage/files/sign", json={"expiration_seconds": 60}))
    opened = http.put("/v1/storage/files/acl", params={"url": url}, json={"default": "allow"})
    check_golden("files/acl_put", opened, **places)
    hidden = _upload(http, '{"initial_acl": {"default": "hide"}}')
    check_golden("files/hidden", http.get(hidden), name=_name(hidden))


def _upload(http, lifecycle: str | None = None) -> str:
    more = {"x-fal-object-lifecycle": lifecycle} if lifecycle else {}
    answer = http.post(
        "/files/upload", content=BYTES, headers={**TYPE, "x-fal-file-name": "lake.txt", **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["access_url"]


def _name(url: str) -> str:
    return url.partition("/files/")[2]
