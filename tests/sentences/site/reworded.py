"""Every sentence that the program makes for people becomes another one, and another at each making.

A module of the program is compiled from a changed tree: a Chinese text that it makes goes through :func:`reworded`,
which gives other characters, and others the next time. What is looked for in a text (operands of comparisons,
arguments of ``startswith``, ``split``, ``re`` and the like), keys, annotations and docstrings stay as they are: where
somebody looks for a word in a sentence of ours, it is not found any more, and where somebody compares one with another
making of it, they differ.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import count
from types import CodeType, ModuleType

# Rooms in which each Chinese text is for people, and those that also recognise such texts: of these what is made inside
# of a function, and no list of words that stands in the module.
ALL_FOR_PEOPLE = ("ledger", "monitor")
ALSO_RECOGNISE = ("workers", "crawler", "report.findings", "cli")
# Readers recognise and make hardly any sentence; the demo's portals are the world, and not the program.
LEFT_AS_THEY_ARE = (
    "workers.reading", "cli.demo", "monitor.charts", "monitor.calendar", "ledger.migrations", "crawler.families",
    "crawler.survey",
)  # fmt: skip
_LOOKS_FOR = frozenset(
    ("startswith", "endswith", "removeprefix", "removesuffix", "split", "rsplit", "partition", "rpartition", "replace",
     "find", "index", "count", "strip", "lstrip", "rstrip", "like", "not_like", "contains", "getLogger", "fullmatch",
     "match", "search", "sub", "subn", "compile", "finditer", "findall", "formless_rule", "rule", "publication_rule")
)  # fmt: skip
_makings = count(1)
_NAME = "__reworded__"
FIRST, LAST = 0x4E00, 0x9FA5


def is_chinese(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return any(FIRST <= ord(character) <= LAST for character in text)


def reworded(text: str) -> str:
    """The text in other characters, and in others at each call; Chinese punctuation becomes another."""
    shift = 101 * next(_makings)
    return "".join(_other(character, shift) for character in text)


def _other(character: str, shift: int) -> str:
    if FIRST <= ord(character) <= LAST:
        return chr(FIRST + (ord(character) - FIRST + shift) % (LAST - FIRST + 1))
    return "·" if character in "：；，。、（）“”《》" else character


class _Reword(ast.NodeTransformer):
    """``whole``: texts that stand in the module and not in a function are for people too."""

    def __init__(self, whole: bool) -> None:
        self._makes = whole

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        before, self._makes = self._makes, True
        node.body = [self.visit(one) for one in node.body]
        self._makes = before
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.values = [self.visit(one) for one in node.values]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _LOOKS_FOR:
            node.func = self.visit(node.func)
            return node
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        parts: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.Constant) and self._makes and is_chinese(str(part.value)):
                parts.append(ast.FormattedValue(_call(part), conversion=-1))
            elif isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
                parts.append(part)
            else:
                parts.append(part)
        node.values = parts
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        made = self._makes and isinstance(node.value, str) and is_chinese(node.value)
        return _call(node) if made else node


def _call(text: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(_NAME, ast.Load()), [text], [])


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        changed = _Reword(_within(fullname, ALL_FOR_PEOPLE)).visit(tree)
        code: CodeType = compile(ast.fix_missing_locations(changed), path, "exec")
        return code


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not _within(fullname, (*ALL_FOR_PEOPLE, *ALSO_RECOGNISE)) or _within(fullname, LEFT_AS_THEY_ARE):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def _within(module: str, packages: Sequence[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def install() -> None:
    """From now on each module of the program that is imported is worded otherwise."""
    setattr(builtins, _NAME, reworded)
    sys.meta_path.insert(0, _Finder())
