"""Cases 1 to 11: run, submit, status, subscribe."""

import fal_client
import pytest


@pytest.fixture
def film(client, ep, small):
    """A request that has its film."""
    handle = client.submit(ep, {**small, "prompt": "A lake"})
    handle.get()
    return handle


@pytest.mark.parametrize("recipe", ["P1", "P2"], indirect=True)
def test_run_returns_a_film_that_anybody_can_fetch(client, ep, small, download, exchanges):
    """Case 1: `run` returns a dict with video.url, and its bytes come without a key."""
    output = client.run(ep, {**small, "prompt": "A lake"})
    video = output["video"]
    got = download(video["url"])
    assert got.status_code == 200
    assert got.headers["content-type"] == video["content_type"] == "video/mp4"
    assert len(got.content) == video["file_size"] > 1000
    assert got.content[4:8] == b"ftyp"
    assert exchanges.sent[0] == "POST"
    assert exchanges.came[0][1]["x-fal-request-id"]


@pytest.mark.parametrize("recipe", ["P1", "P2"], indirect=True)
def test_handle_shows_its_id_and_keeps_fals_urls(film, server, pointed):
    """Case 2: the handle's repr shows request_id alone; response_url is APP's, with nothing behind the id."""
    assert repr(film) == f"SyncRequestHandle(request_id={film.request_id!r})"
    origin = server.http if pointed == "P1" else "https://" + server.exports["FAL_RUN_HOST"].partition("/")[0]
    url = f"{origin}/queue/fal-ai/kling-video/requests/{film.request_id}"
    assert film.response_url == url
    assert film.status_url == f"{url}/status"
    assert film.cancel_url == f"{url}/cancel"


@pytest.mark.parametrize("recipe", ["P1", "P2"], indirect=True)
def test_a_handle_made_from_the_id_is_the_same(film, client, ep):
    """Case 3: `get_handle(EP, id) == handle`."""
    assert client.get_handle(ep, film.request_id) == film


def test_positions_count_what_is_ahead_and_fall(client, ep, small, holding):
    """Case 4: a waiting request is `Queued` with the number of those before it, which falls as they go."""
    running = client.submit(ep, {**small, "prompt": holding})
    _until(running, fal_client.InProgress)
    waiting = [client.submit(ep, {**small, "prompt": "A lake"}) for _ in range(3)]
    assert [handle.status() for handle in waiting] == [fal_client.Queued(position=n) for n in range(3)]
    waiting[0].cancel()
    for position, handle in enumerate(waiting[1:]):
        _falls_to(handle, position)
    running.cancel()
    for handle in waiting[1:]:
        assert handle.get()["video"]["url"]


def test_a_running_request_has_a_list_of_logs(client, ep, small, holding):
    """Case 5: `status(with_logs=True)` while it runs is `InProgress` with a list; without, None."""
    handle = client.submit(ep, {**small, "prompt": holding})
    now = _until(handle, fal_client.InProgress)
    assert isinstance(now.logs, list)
    assert handle.status().logs is None
    handle.cancel()


def test_logs_of_a_finished_request(film):
    """Case 6: without logs None; with them dicts that have message and timestamp, in order."""
    assert film.status().logs is None
    logs = film.status(with_logs=True).logs
    assert len(logs) > 3
    assert all(log["message"] and log["timestamp"] for log in logs), logs
    stamps = [log["timestamp"] for log in logs]
    assert stamps == sorted(stamps)
    assert logs[-1]["message"].startswith("Film ready")


def test_metrics_tell_the_time_it_took(film):
    """Case 7: `metrics["inference_time"]` is a number once it is done."""
    done = film.status()
    assert isinstance(done, fal_client.Completed)
    assert done.metrics["inference_time"] > 0
    assert done.error is done.error_type is None


def test_events_come_in_order(client, ep, small, holding):
    """Case 8: `iter_events` yields Queued, InProgress, Completed and nothing else, and ends with the last."""
    ahead = client.submit(ep, {**small, "prompt": holding})
    handle = client.submit(ep, {**small, "prompt": "A lake [slow 0.5]"})
    kinds = []
    for event in handle.iter_events(with_logs=True, interval=0.02):
        if not kinds:
            ahead.cancel()
        kinds.append(type(event))
    order = [fal_client.Queued, fal_client.InProgress, fal_client.Completed]
    assert kinds == sorted(kinds, key=order.index)
    assert set(kinds) == set(order)
    assert kinds.count(fal_client.Completed) == 1


@pytest.mark.parametrize("recipe", ["P1", "P2"], indirect=True)
def test_subscribe_prints_logs_as_fals_page_does(client, ep, small, capsys):
    """Case 9: `subscribe` with fal's own callback prints each log and raises nothing."""

    def on_queue_update(update):
        if isinstance(update, fal_client.InProgress):
            for log in update.logs:
                print(log["message"])  # noqa: T201 - fal's page does

    output = client.subscribe(
        ep,
        arguments={**small, "prompt": "A lake [slow 0.5]"},
        with_logs=True,
        on_queue_update=on_queue_update,
    )
    assert output["video"]["url"]
    assert "rendering 72 frames" in capsys.readouterr().out


def test_subscribe_alone_returns_what_result_returns(client, ep, small):
    """Cases 10, 11: without a callback the JSON equals `result`; `on_enqueue` gets the id `status` knows."""
    ids = []
    output = client.subscribe(ep, {**small, "prompt": "A lake"}, on_enqueue=ids.append)
    assert client.result(ep, ids[0]) == output
    assert isinstance(client.status(ep, ids[0]), fal_client.Completed)


def _until(handle, kind):
    for event in handle.iter_events(with_logs=True, interval=0.02):
        if isinstance(event, kind):
            return event
    raise AssertionError(f"it ended as {event} without {kind.__name__}")


def _falls_to(handle, position):
    """Return once the position is this; fail when it rises, or when the request does not wait any more."""
    last = None
    for event in handle.iter_events(interval=0.02):
        assert isinstance(event, fal_client.Queued), event
        assert last is None or event.position <= last
        last = event.position
        if last == position:
            return
