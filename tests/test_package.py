"""What is installed: every table, template and weight beside the code goes with it."""

import re
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


def test_what_is_pinned_with_hashes_is_what_the_constraints_pin():
    constraints = _pinned("constraints.txt")
    hashed = _pinned("requirements-hashed.txt")
    assert len(hashed) > 30
    assert {name: constraints.get(name) for name in hashed} == hashed
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    wanted = f"{config['options']['install_requires']}\n{extras['pdf']}\n{extras['film']}"
    names = {_canonical(re.split(r"[ <>=]", line)[0]) for line in wanted.split("\n") if line}
    assert names <= hashed.keys()
    text = (ROOT / "requirements-hashed.txt").read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=\S)", text)[1:]:
        if not entry.startswith("#"):
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def _pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\]+)", line) for line in lines)
    return {_canonical(each[1]): each[2] for each in found if each}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
