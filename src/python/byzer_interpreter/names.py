"""What the names in a cell stand for: imports under other names, variables that hold modules, paths or text."""

import ast
import builtins
from collections.abc import Mapping
from typing import Optional

_IMPORTERS = ("__import__", "builtins.__import__", "importlib.import_module")
# The result of these calls matters: methods on it have effects.
_PATH_MAKERS = (
    "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.Path.cwd", "pathlib.Path.home",
)  # fmt: skip
_PATH_PARTS = ("parent", "resolve()", "absolute()", "expanduser()", "with_suffix()", "with_name()", "joinpath()")
_MAX_ASSIGNMENTS = 5000


class Names:
    """Resolves expressions to full dotted names, such as ``subprocess.run`` for ``r`` after
    ``from subprocess import run as r``. A call ends in ``()``: ``pathlib.Path()`` is an instance."""

    def __init__(self, tree: ast.Module, live: Mapping[str, str]) -> None:
        self._known: dict[str, str] = dict(live)
        self._texts: dict[str, Optional[str]] = {}
        self.imports: set[str] = set()
        self.modules: set[str] = {name.split(".")[0] for name in live.values()} | {"builtins"}
        self._hidden: set[str] = set()
        assignments = self._collect(tree)
        # Twice, so that a name assigned from one that is assigned further down is resolved too.
        for _ in range(2):
            for target, value in assignments[:_MAX_ASSIGNMENTS]:
                self._assign(target, value)

    def of(self, node: Optional[ast.AST]) -> Optional[str]:
        """The full dotted name of an expression, None where it has none."""
        if isinstance(node, ast.Name):
            if node.id in self._known:
                return self._known[node.id]
            return node.id if node.id not in self._hidden and hasattr(builtins, node.id) else None
        if isinstance(node, ast.Attribute):
            owner = self.of(node.value)
            return None if owner is None else _path_like(f"{owner}.{node.attr}")
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return "pathlib.Path()" if self.of(node.left) == "pathlib.Path()" else None
        if isinstance(node, ast.Subscript) and self.of(node.value) == "sys.modules":
            return self.literal(node.slice)
        return None

    def literal(self, node: Optional[ast.AST]) -> Optional[str]:
        """The text of a literal, of a variable that was set to one literal only, or of a file path around one."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self._texts.get(node.id)
        if isinstance(node, ast.Call) and self.of(node.func) == "pathlib.Path" and len(node.args) == 1:
            return self.literal(node.args[0])
        return None

    def _of_call(self, node: ast.Call) -> Optional[str]:
        name = self.of(node.func)
        if name is None:
            return None
        if name in _IMPORTERS and node.args:
            return self.literal(node.args[0])
        if name == "getattr" and len(node.args) >= 2:
            owner, attribute = self.of(node.args[0]), self.literal(node.args[1])
            return f"{owner}.{attribute}" if owner is not None and attribute is not None else None
        return "pathlib.Path()" if name in _PATH_MAKERS else _path_like(f"{name}()")

    def _collect(self, tree: ast.Module) -> "list[tuple[ast.expr, ast.expr]]":
        assignments: list[tuple[ast.expr, ast.expr]] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self._hidden.add(node.name)
            elif isinstance(node, ast.Assign):
                assignments += [(target, node.value) for target in node.targets]
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                assignments.append((node.target, node.value))
            elif isinstance(node, (ast.With, ast.AsyncWith)):
                assignments += [(item.optional_vars, item.context_expr) for item in node.items if item.optional_vars]
        return assignments

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.split(".")[0]
            self.imports.add(top)
            self.modules.add(top)
            self._known[alias.asname or top] = alias.name if alias.asname else top

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level == 0 and module:
            self.imports.add(module.split(".")[0])
        for alias in node.names:
            self._known[alias.asname or alias.name] = f"{module}.{alias.name}"
            if alias.name == "*":
                self._import_star(module)

    def _import_star(self, module: str) -> None:
        """Names that the tables know of are assumed to come from the module."""
        from byzer_interpreter.effect_rules import NAMES

        for name in NAMES:
            owner, _, short = name.rpartition(".")
            if owner == module:
                self._known[short] = name

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Name):
            return
        text = self.literal(value)
        before = self._texts.get(target.id, text)
        self._texts[target.id] = text if before == text else None
        name = self.of(value)
        if name is not None and name != target.id:
            self._known[target.id] = name
        elif name is None and target.id not in self._known:
            self._hidden.add(target.id)


def _path_like(name: str) -> str:
    """Steps from a path to another path stay a path."""
    owner, _, last = name.rpartition(".")
    return "pathlib.Path()" if owner == "pathlib.Path()" and last in _PATH_PARTS else name
