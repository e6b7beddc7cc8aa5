"""A cell's source: parsed, split at its last expression, known to tracebacks and inspect."""

import ast
import linecache
import re
from types import CodeType
from typing import NamedTuple, Optional

_MAGIC = re.compile(r"^%matplotlib\b.*$", re.MULTILINE)
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class CellCode(NamedTuple):
    """`body` runs; `last` is evaluated and shown. `last_name` is the variable it names, where it is one."""

    body: CodeType
    last: Optional[CodeType]
    last_name: Optional[str]


def parse(code: str, file: str) -> ast.Module:
    """Parses a cell. `%matplotlib …` lines of notebooks are left out: figures are captured anyway.

    Raises SyntaxError, ValueError (a null byte), RecursionError or MemoryError (too deeply nested).
    """
    return ast.parse(_MAGIC.sub("", code), file)


def compile_cell(code: str, file: str) -> CellCode:
    """Compiles a cell under the file name that tracebacks show, such as ``<cell 3>``."""
    lines = [line + "\n" for line in code.split("\n")]
    linecache.cache[file] = (len(code), None, lines, file)
    tree = parse(code, file)
    last: Optional[CodeType] = None
    last_name: Optional[str] = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), file, "eval", flags=_AWAIT, dont_inherit=True)
        last_name = expression.value.id if isinstance(expression.value, ast.Name) else None
    return CellCode(compile(tree, file, "exec", flags=_AWAIT, dont_inherit=True), last, last_name)
