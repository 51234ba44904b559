"""Reads a page back: its elements with their attributes and the text inside each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "img", "br", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parts: list["str | Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, tag: str = "", **wanted: str) -> list["Element"]:
        """Every element inside, in order, of this tag with these attributes."""
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                asked = all(part.attributes.get(name) == value for name, value in wanted.items())
                if tag in ("", part.tag) and asked:
                    found.append(part)
                found += part.all(tag, **wanted)
        return found

    def one(self, tag: str = "", **wanted: str) -> "Element":
        (found,) = self.all(tag, **wanted)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag, attrs):
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}> closes another"

    def handle_data(self, data):
        self.open[-1].parts.append(data)


def parse(page: bytes) -> Element:
    """The document; every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(page.decode())
    reader.close()
    (root,) = reader.open
    return root
