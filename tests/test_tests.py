"""The house of the tests: what several share stands in modules of its own."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

from tests import durations

TESTS = Path(__file__).parent


def imported(source):
    """The modules that a file imports, wherever in it, and those named in code that it runs."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"(?:from|import) (tests[\w.]*|test_\w+)", node.value)


def is_test(module):
    return re.fullmatch(r"(tests\.(\w+\.)*)?test_\w+(\.\w+)?", module) is not None


def test_no_test_imports_a_test():
    files = sorted(set(TESTS.rglob("*.py")) - {Path(__file__)})
    assert len(files) > 100
    found = {
        path.relative_to(TESTS).as_posix(): module
        for path in files
        for module in imported(path.read_text(encoding="utf-8"))
        if is_test(module)
    }
    assert found == {}


def test_what_is_an_import_of_a_test_is_seen():
    for source in (
        "from tests.whole.test_x import y",
        "from tests.whole import test_x",
        "def f():\n    import tests.test_x",
        'CODE = "import sys\\nfrom tests.neural.test_x import sing"',
        'CODE = "from test_x import sing"',
    ):
        assert any(map(is_test, imported(source))), source
    assert not any(map(is_test, imported("from tests.pictures import varied\nimport pytest")))


def test_the_longest_start_first(monkeypatch):
    found = [f"test_{file}.py::test_{n}" for file in "abc" for n in (2, 1)]
    items = [SimpleNamespace(nodeid=name) for name in found]
    monkeypatch.setattr(durations, "read", lambda: {"test_a.py": 1.0, "test_b.py": 3.5})
    names = [item.nodeid for item in durations.longest_first(items)]
    assert names == [f"test_{file}.py::test_{n}" for file in "cba" for n in (2, 1)]


def test_the_durations_are_of_files_that_there_are():
    seconds = durations.read()
    assert list(seconds.values()) == sorted(seconds.values(), reverse=True)
    assert [name for name in seconds if not (TESTS.parent / name).is_file()] == []
