"""Where lines begin: as asked, never cut, never over each other without need."""

import pytest

from soundstage.sound.timeline import Span, place_spans


def span(start_s, slot_s, spoken_s):
    return Span(start_s=start_s, slot_s=slot_s, spoken_s=spoken_s)


def test_lines_that_fit_start_when_asked():
    """Nothing moves when nothing runs over."""
    assert place_spans([span(0.5, 2, 1.8), span(3, 1.5, 1.5)], 5.0) == [0.5, 3.0]


def test_overrun_pushes_the_next_line_later():
    """A line that runs over its slot is heard to its end before the next begins."""
    starts = place_spans([span(0, 1, 2.0), span(1.2, 1, 1.0)], 10.0)
    assert starts[0] == 0.0
    assert starts[1] >= 2.0


def test_line_that_would_pass_the_end_moves_earlier():
    """The last line keeps its end: it starts earlier, and pushes whoever stands before it."""
    starts = place_spans([span(0.5, 1.5, 1.5), span(3, 2, 3.0)], 5.0)
    assert starts[1] + 3.0 <= 5.0
    assert starts[0] + 1.5 <= starts[1]


def test_lines_asked_to_overlap_do():
    """Two lines whose slots overlap in the screenplay are spoken at once."""
    assert place_spans([span(1, 3, 3), span(1, 3, 2)], 6.0) == [1.0, 1.0]


def test_too_much_talk_is_shared_out():
    """With more speech than film every line still starts and ends within it, in order."""
    spans = [span(0, 1, 3.0), span(1, 1, 3.0), span(2, 1, 3.0)]
    starts = place_spans(spans, 5.0)
    assert starts == sorted(starts)
    assert all(s >= 0.0 and s + 3.0 <= 5.0 for s in starts)


def test_line_longer_than_the_film_starts_with_it():
    """What cannot fit at all begins at once."""
    assert place_spans([span(2, 1, 9.0)], 5.0) == [0.0]


def test_no_lines_no_starts():
    """A film without dialogue has nothing to place."""
    assert place_spans([], 5.0) == pytest.approx([])
