"""What is installed: every table, template and weight beside the code goes with it."""

from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOUSE = ("analysis", "theory", "corpora", "neural", "composer")


def test_every_file_beside_the_code_is_packaged():
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    packaged = {
        package: [pattern.strip() for pattern in patterns.split(",")]
        for package, patterns in config["options.package_data"].items()
    }
    files = [
        path
        for room in HOUSE
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    ]
    assert len(files) > 30
    for path in files:
        package = next(each for each in path.parents if (each / "__init__.py").exists())
        name = ".".join(package.relative_to(ROOT).parts)
        patterns = [*packaged["*"], *packaged.get(name, [])]
        inside = path.relative_to(package).as_posix()
        # A pattern does not look into folders that it does not name.
        assert any(
            fnmatch(inside, each) and each.count("/") == inside.count("/") for each in patterns
        ), path
