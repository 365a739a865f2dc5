"""Finds every call that marks a text, in Python and in templates, and its errors.

Babel's extractor silently skips what it can't read (an f-string, a variable), and nothing compares
a text's placeholders with the arguments of the call. Both are found here.
"""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

from i18n.checks import faults
from i18n.extraction import KEYWORDS, METHODS
from i18n.template import TemplateError, parse

TEXTS_AT = {"t": (0,), "plural": (0, 1), "ctx": (1,), "N_": (0,), "N_ctx": (1,)}
POSITIONS = {"t": 1, "plural": 3, "ctx": 2, "N_": 1, "N_ctx": 2}
LAZY = {"N_", "N_ctx"}
UNNAMED = "**"
CONSTANT = ""


class Marked(NamedTuple):
    """A call of a marker. An argument is its literal text, CONSTANT, or None."""

    where: str
    marker: str
    arguments: list[str | None]
    names: set[str]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.arguments[at] or "" for at in TEXTS_AT[self.marker])

    @property
    def context(self) -> str | None:
        return self.arguments[0] if TEXTS_AT[self.marker] == (1,) else None


def calls_in(path: Path) -> list[Marked]:
    text = path.read_text(encoding="utf-8")
    if METHODS[f"*{path.suffix}"] == "python":
        return list(python_calls(text, path.name))
    return list(template_calls(text, path.name))


def python_calls(text: str, name: str = "code") -> Iterator[Marked]:
    gc.disable()  # CPython 3.11: a collection amid parsing can fail (AST constructor recursion)
    try:
        tree = ast.parse(text)
    finally:
        gc.enable()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=marker) | ast.Attribute(attr=marker)):
                if marker in KEYWORDS:
                    given = [python_literal(argument) for argument in node.args]
                    names = {keyword.arg or UNNAMED for keyword in node.keywords}
                    yield Marked(f"{name}:{node.lineno}", marker, given, names)


def python_literal(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text or None
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return CONSTANT if name.isupper() else None
        case ast.Subscript(value=ast.Name() | ast.Attribute() as table):
            return python_literal(table)
        case _:
            return None


def template_calls(text: str, name: str = "template") -> Iterator[Marked]:
    for node in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in KEYWORDS:
            given = [
                argument.value
                if isinstance(argument, nodes.Const) and isinstance(argument.value, str)
                else None
                for argument in node.args
            ]
            names = {keyword.key for keyword in node.kwargs}
            if node.dyn_kwargs or node.dyn_args:
                names.add(UNNAMED)
            yield Marked(f"{name}:{node.lineno}", node.node.name, given, names)


def mistakes(call: Marked) -> list[str]:
    """What is wrong with a call, each in one line."""
    return [f"{call.where}: {call.marker}: {what}" for what in found_in(call)]


def found_in(call: Marked) -> Iterator[str]:
    given, marker = call.arguments, call.marker
    if len(given) != POSITIONS[marker]:
        yield f"takes {POSITIONS[marker]} arguments by position, not {len(given)}"
        return
    if UNNAMED in call.names:
        yield "takes its arguments by name, not by ** or *"
    if marker == "t" and given[0] == CONSTANT:
        return  # a constant, marked with N_
    literals = given[: len(KEYWORDS[marker])]
    if not all(literals):
        yield "the text must be one literal that isn't empty; a variable: t.message(variable)"
        return
    yield from faults(call.texts, call.texts)
    try:
        names = set().union(*(parse(text).names for text in call.texts))
    except TemplateError:
        return  # faults() said it
    expected = call.names | ({"n"} if marker == "plural" else set())
    if marker not in LAZY and names != expected:
        yield f"the text has {sorted(names)}, the call {sorted(expected)}"
