"""Reads a cell without running it: what it imports, and what it would do beyond computing."""

import ast
import os
import pathlib
import re
from collections.abc import Mapping
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Optional

from byzer_interpreter import effect_rules as rules
from byzer_interpreter.names import Names
from byzer_interpreter.source import parse
from byzer_interpreter.sql_checks import calls_java, first_word, split_statements, starts_programs

MAX_DETAIL_CHARACTERS = 200
_MAX_EFFECTS = 200
_CONNECTIONS = tuple(f"{name}()" for name in rules.DATABASES)
_SQL_TARGET = re.compile(r"(?is).*\bto\s*'([^']+)'")


def inspect_code(code: str, live: Mapping[str, Any]) -> dict[str, Any]:
    """Imports, effects and the syntax error of `code`. `live` holds the variables that earlier cells have set."""
    try:
        tree = parse(code, "<cell>")
    except SyntaxError as error:
        return _failed(error.msg or "invalid syntax", error.lineno or 1)
    except (ValueError, RecursionError, MemoryError) as error:
        return _failed(str(error) or "nested too deeply", 1)
    names = Names(tree, live_names(live))
    reader = _Reader(names)
    try:
        reader.visit(tree)
    except RecursionError:
        return _failed("nested too deeply", 1)
    return {"syntaxError": None, "imports": sorted(names.imports), "effects": reader.effects[:_MAX_EFFECTS]}


def live_names(namespace: Mapping[str, Any]) -> dict[str, str]:
    """What variables of earlier cells stand for: modules, their functions, paths."""
    known: dict[str, str] = {}
    for name, value in list(namespace.items()):
        if isinstance(value, ModuleType):
            known[name] = value.__name__
        elif isinstance(value, pathlib.PurePath):
            known[name] = "pathlib.Path()"
        elif isinstance(value, (type, FunctionType, BuiltinFunctionType)):
            module = getattr(value, "__module__", None)
            if isinstance(module, str) and module not in ("__main__", "builtins"):
                module = {os.name: "os", "nt": "os", "posix": "os", "_io": "io", "_pickle": "pickle"}.get(
                    module, module
                )
                known[name] = f"{module}.{value.__name__}"
    return known


def _failed(message: str, line: int) -> dict[str, Any]:
    return {"syntaxError": {"message": message, "line": line}, "imports": [], "effects": []}


class _Reader(ast.NodeVisitor):
    """Collects effects; the tables in ``effect_rules`` decide."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._seen: set[str] = set()
        self._called: set[int] = set()
        self.effects: list[dict[str, Any]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = self._names.of(node.func)
        self._called.add(id(node.func))
        if not (self._by_name(node, name) or self._by_method(node, name)) and name == "getattr":
            self._attribute_by_name(node)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._mention(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in rules.ESCAPES:
            self._add(rules.DYNAMIC, ast.unparse(node), node)
        self._mention(node)
        self.generic_visit(node)

    def _mention(self, node: ast.expr) -> None:
        """A function that is passed on, or a value such as os.environ."""
        if id(node) in self._called or not isinstance(getattr(node, "ctx", None), ast.Load):
            return
        name = self._names.of(node)
        kind = rules.NAMES.get(name) if name is not None else None
        if kind is None and name in rules.OPENERS and isinstance(node, ast.Attribute):
            kind = rules.READ
        if kind is not None:
            self._add(kind, ast.unparse(node), node)

    def _by_name(self, node: ast.Call, name: Optional[str]) -> bool:
        if name is None:
            return False
        if name in rules.OPENERS:
            self._opener(node, name)
        elif name in rules.DATABASES:
            self._database(node)
        elif name in rules.READERS_OF_OTHER:
            if not self._is_connection(node):
                self._add(rules.READERS_OF_OTHER[name], self._call_text(node), node)
        elif name.startswith(rules.READER_PREFIXES) and "()" not in name:
            self._reader(node)
            if name in rules.NAMES:
                self._add(rules.NAMES[name], self._call_text(node), node)
        elif name in ("pandas.eval",) or name.endswith(
            (".datasets.fetch_openml", ".datasets.fetch_california_housing")
        ):
            self._add(rules.DYNAMIC if name == "pandas.eval" else rules.NETWORK, self._call_text(node), node)
        else:
            kind = rules.NAMES.get(name) or _kind_of_module(name)
            if kind is None:
                return False
            self._add(kind, self._detail(node, kind), node)
        return True

    def _by_method(self, node: ast.Call, name: Optional[str]) -> bool:
        if not isinstance(node.func, ast.Attribute):
            return False
        method = node.func.attr
        receiver = self._names.of(node.func.value)
        if receiver == "pathlib.Path()" and method in rules.PATH_METHODS:
            self._add(rules.PATH_METHODS[method], self._call_text(node), node)
        elif method in rules.SQL_METHODS and isinstance(self._names.literal(_argument(node, 0)), str):
            self._statement(node, self._names.literal(_argument(node, 0)) or "", receiver)
        elif method in ("query", "eval") and self._names.literal(_argument(node, 0)) is not None:
            self._query(node)
        elif method == "open" and isinstance(self._names.literal(_argument(node, 0)), str):
            mode = self._names.literal(_argument(node, 0)) or ""
            if len(mode) <= 3 and set(mode) <= set("rwaxbt+"):
                self._file(node.func.value, mode, node)
        elif method in rules.METHODS:
            return self._writing_method(node, method, receiver)
        else:
            return False
        return True

    def _writing_method(self, node: ast.Call, method: str, receiver: Optional[str]) -> bool:
        kind, position = rules.METHODS[method]
        if position is None:
            self._add(kind, self._call_text(node), node)
            return True
        target = _argument(node, position, rules.TARGET_KEYWORDS)
        if target is None or (isinstance(target, ast.Constant) and target.value is None):
            if method in rules.OPTIONAL_TARGET:
                return True
            if not node.args and method == "save":
                return False
        if receiver in ("numpy", "torch", "joblib") and method == "save":
            return False
        if target is None or self._names.of(target) not in rules.MEMORY_BUFFERS:
            self._add(kind, self._call_text(node) if target is None else self._text(target), node)
        return True

    def _opener(self, node: ast.Call, name: str) -> None:
        position, default = rules.OPENERS[name]
        mode_node = _argument(node, position, ("mode", "flags"))
        mode = default if mode_node is None else self._names.literal(mode_node)
        if name == "os.open":
            writes = mode_node is None or any(
                flag in ast.unparse(mode_node) for flag in ("WR", "CREAT", "TRUNC", "APPEND")
            )
            mode = "w" if writes else "r"
        target = node.args[0] if node.args and position > 0 else _argument(node, 99, ("file", "filename", "name"))
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else node
        self._file(receiver if name == "pathlib.Path().open" else target or node, mode, node)

    def _file(self, target: ast.expr, mode: Optional[str], node: ast.AST) -> None:
        """A mode that is computed may write."""
        if self._names.of(target) in rules.MEMORY_BUFFERS:
            return
        writes = mode is None or any(letter in mode for letter in "wax+")
        self._add(rules.WRITE if writes else rules.READ, self._text(target), node)

    def _reader(self, node: ast.Call) -> None:
        source = _argument(node, 0, rules.READER_KEYWORDS)
        if source is None or self._names.of(source) in rules.MEMORY_BUFFERS or self._is_open_file(source):
            return
        text = self._text(source)
        is_address = text.lower().startswith(rules.URL_SCHEMES) or "://" in text.lower().split("{")[0]
        self._add(rules.NETWORK if is_address else rules.READ, text, node)

    def _database(self, node: ast.Call) -> None:
        target = _argument(node, 0, ("database", "url"))
        text = "" if target is None else self._database_text(target)
        if text in ("", ":memory:", "sqlite://", "sqlite:///:memory:"):
            return
        is_address = "://" in text and not text.startswith(("sqlite:", "duckdb:", "file:"))
        written = "" if target is None else self._text(target)
        reads_only = "mode=ro" in written or any(word.arg == "read_only" for word in node.keywords)
        self._add(rules.NETWORK if is_address else rules.READ if reads_only else rules.WRITE, text, node)

    def _is_open_file(self, node: ast.expr) -> bool:
        """What was opened in the same expression is told where it is opened."""
        if not isinstance(node, ast.Call):
            return False
        return self._names.of(node.func) in rules.OPENERS or (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "open"
            and self._names.of(node.func.value) in rules.ARCHIVES
        )

    def _is_connection(self, node: ast.Call) -> bool:
        """Whether a query goes through a connection that code makes itself: that is told where it is made."""
        made = self._names.of(_argument(node, 1, ("con",)))
        return made is not None and made.endswith("()") and made[:-2] in rules.DATABASES

    def _database_text(self, node: ast.expr) -> str:
        """The file that a connection names, also where it is written as the address of a path."""
        address, options = (node.left, node.right) if isinstance(node, ast.BinOp) else (node, None)
        chain = address
        while isinstance(chain, ast.Call) and isinstance(chain.func, ast.Attribute) and not chain.args:
            chain = chain.func.value
        path = self._names.literal(chain) if self._names.of(chain) == "pathlib.Path()" else None
        is_address = ast.unparse(address).endswith(".as_uri()")
        plain_options = options is None or self._names.literal(options) is not None
        return path if path is not None and is_address and plain_options else self._text(node)

    def _query(self, node: ast.Call) -> None:
        """DataFrame.query and DataFrame.eval have a language of their own; only `@name(…)` calls Python."""
        text = self._names.literal(_argument(node, 0)) or ""
        after_marks = text.split("@")[1:]
        if any("(" in piece.split()[0] for piece in after_marks if piece.split()) or "__" in text:
            self._add(rules.DYNAMIC, self._call_text(node), node)

    def _statement(self, node: ast.Call, sql: str, receiver: Optional[str]) -> None:
        """SQL that changes data or starts programs. What a connection can reach is told where it is made."""
        for statement in split_statements(sql):
            word = first_word(statement)
            target = _SQL_TARGET.search(statement) if word == "copy" else None
            if starts_programs(statement) or calls_java(statement):
                self._add(rules.PROCESS, " ".join(statement.split()), node)
            if word in rules.SQL_REACHES:
                self._add(rules.SQL_REACHES[word], target[1] if target else " ".join(statement.split()), node)
            elif word in rules.SQL_CHANGES and (receiver is None or not receiver.startswith(_CONNECTIONS)):
                self._add(rules.CHANGE, " ".join(statement.split()), node)

    def _attribute_by_name(self, node: ast.Call) -> None:
        """getattr on a module with a computed name can reach anything in it."""
        owner = self._names.of(_argument(node, 0))
        if owner in self._names.modules and self._names.literal(_argument(node, 1)) is None:
            self._add(rules.DYNAMIC, self._call_text(node), node)

    def _detail(self, node: ast.Call, kind: str) -> str:
        if kind in (rules.READ, rules.WRITE, rules.DELETE) and len(node.args) == 1:
            return self._text(node.args[0])
        return self._call_text(node)

    def _text(self, node: ast.expr) -> str:
        literal = self._names.literal(node)
        return literal if literal is not None else ast.unparse(node)

    def _call_text(self, node: ast.Call) -> str:
        return ast.unparse(node)

    def _add(self, kind: str, detail: str, node: ast.AST) -> None:
        line = int(getattr(node, "lineno", 1))
        short = detail if len(detail) <= MAX_DETAIL_CHARACTERS else detail[: MAX_DETAIL_CHARACTERS - 1] + "…"
        key = f"{kind} {line} {short}"
        if key not in self._seen:
            self._seen.add(key)
            self.effects.append({"kind": kind, "detail": short, "line": line})


def _argument(node: ast.Call, position: int, keywords: "tuple[str, ...]" = ()) -> Optional[ast.expr]:
    """The argument at `position`, or the one given by one of `keywords`."""
    if position < len(node.args) and not any(isinstance(item, ast.Starred) for item in node.args[: position + 1]):
        return node.args[position]
    for keyword in node.keywords:
        if keyword.arg in keywords:
            return keyword.value
    return None


def _kind_of_module(name: str) -> Optional[str]:
    parts = name.split(".")
    prefixes = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    if any(prefix.replace("()", "") in rules.EXCEPTIONS for prefix in prefixes):
        return None
    return next((rules.MODULES[prefix] for prefix in prefixes if prefix in rules.MODULES), None)
