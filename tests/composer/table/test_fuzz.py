"""Whatever a file holds: a report of faults or a valid table, in little memory, running nothing."""

import re
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import Fault, TableError, UserError
from composer.music.vocabulary import vocabulary
from composer.table import decide, load_table
from composer.table.load import judge
from composer.table.shapes import SHAPES
from composer.table.text import LONGEST
from tests.composer.table.small import TEXT, VOCABULARY

FEATURES = {"light.lightness": 30.0, "colour.hue": 20.0}
MEMORY = 100_000_000  # bytes


def judged(data: bytes) -> str:
    """What is said of a table; a sound one is also used."""
    faults: tuple[Fault, ...] | None = None
    try:
        table, waste = judge(data, "fuzz.yaml", VOCABULARY)
        said = "\n".join(map(str, waste))
        made = decide(table, FEATURES)
        assert set(made) == set(table.decisions)
    except TableError as error:
        said, faults = str(error), error.faults
    except UserError as error:  # nothing is left to choose
        said = str(error)
    assert faults is None or all(fault.line >= 1 <= fault.column for fault in faults)
    assert faults != ()
    said.encode()  # all of it can be printed
    return said


KEYS = sorted({key for shape in SHAPES.values() for key in shape.keys})
WORDS = re.split(
    ", ",
    "light, dark, red, glad, valence, tonic, metre, bars, tempo, band, solo, figure, C, F#, 3/4, "
    "duo, trio, flute, all, any, not, very, somewhat, default, small, kurdi2017, A, B, fifths, <<, "
    "~, light.lightness, colour.hue, region.share, null, dominant region, not red, very dark",
)
scalars = st.one_of(
    st.sampled_from([*KEYS, *WORDS]),
    st.text(max_size=12),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.booleans(),
    st.none(),
    st.sampled_from([1e308, -1e-320, float("nan"), float("inf"), 0, 1, 360]),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=6)), inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None)
@given(trees, st.sampled_from(["terms", "decisions", "rules", "tables", "remove", "sources"]))
def test_a_section_may_hold_anything(tree: object, section: str) -> None:
    table = {**yaml.safe_load(TEXT), section: tree}
    judged(yaml.safe_dump(table, allow_unicode=True, sort_keys=False).encode())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_part_of_a_sound_table_may_be_anything(data: st.DataObject) -> None:
    table = yaml.safe_load(TEXT)
    part = table
    for _ in range(data.draw(st.integers(1, 5))):
        keys = [*part] if isinstance(part, dict) else [*range(len(part))]
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key]:
            break
        around, part = part, part[key]
        last = key
    else:
        around[last] = data.draw(trees)
        judged(yaml.safe_dump(table, allow_unicode=True, sort_keys=False).encode())
        return
    part[key] = data.draw(trees)
    judged(yaml.safe_dump(table, allow_unicode=True, sort_keys=False).encode())


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode())))
def test_a_file_may_hold_anything(data: bytes) -> None:
    judged(data)
    judged(TEXT.encode() + data)


def bombs() -> dict[str, bytes]:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    return {
        "aliases": ("a0: &a0 lol\n" + laughs).encode(),
        "itself": b"rules: &r [*r]\n",
        "one line of keys": b"{" + b",".join(b"k%d: 1" % n for n in range(90_000)) + b"}",
        "a doubled key": b"{" + b"a: 1," * 150_000 + b"}",
        "scalars": b"[" + b"a," * (LONGEST // 2 - 2) + b"]",
        "empty lists": b"[" + b"[]," * (LONGEST // 3 - 2) + b"]",
        "brackets": b"[" * LONGEST,
        "one word": b"name: " + b"a" * (LONGEST - 6),
        "one long name": TEXT.encode() + b"  - {id: x, when: " + b"lihgt" * 100_000 + b"}\n",
        "rules alike": TEXT.encode() + b"  - {id: a, when: light}\n" * 30_000,
        "tags": b"!!python/object/apply:os.system ['touch hacked']\n",
        "tagged name": TEXT.replace("name: small", "name: !!python/name:os.system x").encode(),
        "pasted lines": TEXT.encode() + "\u00a0id: x\n".encode() * 90_000,
        "anchors": b"".join(b"- &a%d x\n" % n for n in range(60_000)),
    }


LARGE = (
    "empty lists",
    "rules alike",
    "a doubled key",
    "one line of keys",
    "scalars",
    "anchors",
    "pasted lines",
)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE)) for name in bombs()],
)
def test_a_bomb_does_no_harm(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = bombs()[name]
    tracemalloc.start()
    try:
        said = judged(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
    assert len(said) < 100_000
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["\0", "a\0b", "x" * 5000, "no/such/table.yaml", ""])
def test_a_name_that_is_no_file(name: str) -> None:
    with pytest.raises(UserError):
        load_table(name, vocabulary())


@pytest.mark.parametrize("base", ["/", ".", "..", "/dev/null", "\\0", "x" * 5000, "~"])
def test_what_cannot_be_extended(base: str) -> None:
    said = judged(f'promenade: 2\nname: mine\nextends: "{base}"\n'.encode())
    assert "P3" in said or "P2" in said or "P1" in said
