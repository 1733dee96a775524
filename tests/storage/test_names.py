"""Names: what a file came with becomes something that any URL, disk and browser can bear."""

import pytest

from soundstage.storage.names import check_name, content_type_of, plain_name_of, shown_name_of, suffix_of


@pytest.mark.parametrize(
    ("told", "shown", "plain"),
    [
        ("film.mp4", "film.mp4", "film.mp4"),
        ("Über film (1).MP4", "Über film (1).MP4", "Uber_film_1.MP4"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\films\\a b.mov", "a b.mov", "a_b.mov"),
        ("电影.mp4", "电影.mp4", "file.mp4"),
        (".bashrc", ".bashrc", "file.bashrc"),
        ("..", "..", "file"),
        ("a\r\nset-cookie: x.png", "aset-cookie: x.png", "aset-cookie_x.png"),
        ("gpj.\u202eexe", "gpj.exe", "gpj.exe"),
        ("no suffix", "no suffix", "no_suffix"),
        ("a.b.tar.gz", "a.b.tar.gz", "a.b.tar.gz"),
        ("x." + "y" * 60, "x." + "y" * 60, "x." + "y" * 60),
        ("%2e%2e%2fx.png", "%2e%2e%2fx.png", "2e_2e_2fx.png"),
        ("film.mp4/", "film.mp4", "film.mp4"),
        ("\ud800.png", ".png", "file.png"),
    ],
)
def test_names_are_made_plain(told, shown, plain):
    """The last part of what was told is shown without odd characters; the URL has a plain likeness of it."""
    assert shown_name_of(told) == shown
    assert plain_name_of(shown) == plain
    assert check_name(f"{'0' * 32}/{plain}")


def test_endless_names_are_cut():
    """A name of any length fits a disk's 255 bytes, with its note's name beside it."""
    plain = plain_name_of(shown_name_of("ä" * 10_000 + ".mp4"))
    assert len(f".{plain}.note") < 200


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "video/mp4"), ("x/a.WEBP", "image/webp"), ("a", "application/octet-stream"),
     ("mp4", "application/octet-stream"), ("a.unheard-of", "application/octet-stream"),
     ("a.svg", "image/svg+xml")],
)  # fmt: skip
def test_suffix_tells_the_type(name, kind):
    """Common media are known by their suffix, whatever its case; all else is bytes."""
    assert content_type_of(name) == kind


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("image/jpeg", ".jpg"), ("video/mp4", ".mp4"), ("text/plain; charset=utf-8", ".txt"), (None, ".bin"),
     ("application/x-unheard-of", "")],
)  # fmt: skip
def test_type_tells_a_suffix(kind, suffix):
    """A file that came without a name gets the usual suffix of its type."""
    assert suffix_of(kind) == suffix
