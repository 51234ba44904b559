"""`@frozen`: a dataclass of fixed values, kept in slots.

It is `@dataclass(frozen=True, slots=True)` in all that a reader, `fields`, `replace` and a type
checker see. That one compiles six functions for every class, and a short program's time went into
a hundred and more of them; here only `__init__` is compiled, and all classes share the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

Class = TypeVar("Class", bound=type)


@overload
def frozen(cls: Class, /) -> Class: ...


@overload
def frozen(*, eq: bool = True) -> Callable[[Class], Class]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Any = None, /, *, eq: bool = True) -> Any:
    """A class of values that nobody changes.

    eq: are two of them equal, and alike as keys, whose fields are? Otherwise each is only itself.
    """
    return _made(cls, eq) if cls is not None else lambda own: _made(own, eq)


def _made(own: type, eq: bool) -> type:
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(own)
    methods: dict[str, Any] = {
        "__init__": _init(made),
        "__repr__": _shown,
        "__setattr__": _refused,
        "__delattr__": _refused,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    if eq:
        methods |= _comparing(made)
    for name, method in methods.items():
        if name not in own.__dict__:
            setattr(made, name, method)
    return made


def _init(made: Any) -> Callable[..., None]:
    """`__init__`, which fills the slots one by one."""
    known: dict[str, Any] = {"MISSING": MISSING}
    taken, filled = ["self"], []
    for one in fields(made):
        name = value = one.name
        known[f"__fill_{name}"] = getattr(made, name).__set__
        if one.default_factory is not MISSING:
            known[f"__make_{name}"] = one.default_factory
            taken.append(f"{name}=MISSING")
            value = f"__make_{name}() if {name} is MISSING else {name}"
        elif one.default is not MISSING:
            known[f"__usual_{name}"] = one.default
            taken.append(f"{name}=__usual_{name}")
        else:
            taken.append(name)
        filled.append(f"__fill_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        filled.append("self.__post_init__()")
    lines = "\n    ".join(filled or ["pass"])
    exec(f"def __init__({', '.join(taken)}):\n    {lines}", known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    init.__module__ = made.__module__
    init.__annotations__ = {one.name: one.type for one in fields(made)} | {"return": None}
    return init


def _comparing(made: Any) -> dict[str, Any]:
    """`__eq__` and `__hash__` by the fields that are compared."""
    compared = [one.name for one in fields(made) if one.compare]
    hashed = [one.name for one in fields(made) if (one.compare if one.hash is None else one.hash)]
    values, keys = _reader(compared), _reader(hashed)

    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is made else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(keys(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _shown(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refused(self: Any, name: str, value: object = None) -> NoReturn:
    raise FrozenInstanceError(f"{type(self).__qualname__} is frozen: {name!r} stays as it is")


def _state(self: Any) -> list[Any]:
    """What is pickled."""
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
