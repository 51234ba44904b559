"""Names for the files of many pictures: no two alike, whatever the pictures are called."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from composer.album.places import unique

WORDS = st.sampled_from(["a", "A", "b", "é", "e\u0301", "index", "a-2", "x.voices", "a-jpg", ""])
SOURCES = st.lists(
    st.builds(
        lambda folder, stem, kind: f"{folder}/{stem or 'a'}{kind}",
        WORDS,
        WORDS,
        st.sampled_from([".jpg", ".png", ".JPG", ""]),
    ),
    unique=True,
    max_size=12,
)
SUFFIXES = (".mid", ".musicxml", ".voices.musicxml")


def seen(name):
    return unicodedata.normalize("NFC", name).casefold()


@given(SOURCES)
def test_no_two_files_share_a_name(sources):
    names = unique(sources, taken=["index"])
    files = [seen(f"{name}{suffix}") for name in names for suffix in SUFFIXES]
    assert len(names) == len(sources)
    assert len(set(files)) == len(files)
    assert "index" not in {seen(name) for name in names}
    assert all(name and "/" not in name for name in names)


def test_a_name_that_is_alone_stays_as_it_is():
    assert unique(["x/beach.jpg", "sample:china"]) == ("beach", "china")


def test_pictures_of_one_name_are_told_apart_by_kind_then_folder_then_number():
    assert unique(["a.jpg", "a.png"]) == ("a-jpg", "a-png")
    assert unique(["x/a.jpg", "y/a.jpg"]) == ("x-a", "y-a")
    assert unique(["p/x/a.jpg", "q/x/a.jpg"]) == ("x-a-jpg", "x-a-jpg-2")


def test_the_order_of_the_pictures_changes_no_name():
    sources = ["x/a.jpg", "x/a.png", "y/a.jpg", "b.jpg"]
    there = dict(zip(sources, unique(sources), strict=True))
    back = dict(zip(sources[::-1], unique(sources[::-1]), strict=True))
    assert there == back
