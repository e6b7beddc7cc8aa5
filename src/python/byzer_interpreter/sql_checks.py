"""Checks SQL statements against the tables that an engine holds in this process, without running them."""

import re
import sys
import threading
from collections.abc import Mapping
from typing import Any, Callable, Optional

from byzer_interpreter.channel import Message
from byzer_interpreter.interrupts import shield_thread

Check = dict[str, Any]

MAX_COLUMNS = 2000
_MAX_REASON_CHARACTERS = 2000
_COPY = re.compile(
    r"\s*copy\s*\((?P<query>.*)\)\s*to\s*'(?P<path>(?:[^']|'')*)'\s*(?:\([^()]*\))?\s*;?\s*", re.I | re.S
)
_WORD = re.compile(r"[A-Za-z]+")
_USING = re.compile(r"\busing\Z", re.I)


class SqlChecks:
    """Answers every request once, beside the thread that listens, since an engine may take its time; one after the
    other, since a connection does one thing at a time."""

    def __init__(self, send: Callable[[Message], None], namespace: Mapping[str, Any]) -> None:
        self._send = send
        self._namespace = namespace
        self._lock = threading.Lock()

    def begin(self, request: Message) -> None:
        """Starts to check; the answer is sent when it is there."""
        threading.Thread(target=self._check, args=(request,), name="byzer-sql", daemon=True).start()

    def _check(self, request: Message) -> None:
        shield_thread()
        try:
            with self._lock:
                check = check_sql(self._namespace.get(str(request["variable"])), str(request["sql"]))
        except Exception as error:  # an engine may raise anything
            check = _checked(kinds=[], reason=_reason(error))
        self._send({"t": "sql-check", "id": request["id"], "check": check})


def check_sql(connection: Any, sql: str) -> Check:
    """What ``sql`` is and whether ``connection`` could run it; an empty one asks for the tables alone."""
    if _is_a(connection, "duckdb", "DuckDBPyConnection"):
        return _duckdb_tables(connection) if sql == "" else _check_duckdb(connection, sql)
    if _is_a(connection, "pyspark", "SparkSession"):
        return _spark_tables(connection) if sql == "" else _check_spark(connection, sql)
    return {"status": "absent"}


def _is_a(value: Any, package: str, name: str) -> bool:
    """Whether `value` is of a class of that name, without importing the package."""
    kind = type(value)
    top = str(getattr(kind, "__module__", "")).split(".")[0].lstrip("_")
    return package in sys.modules and kind.__name__ == name and top == package


def _checked(kinds: "list[str]", reason: Optional[str] = None) -> Check:
    return {"status": "checked", "kinds": kinds, "reason": reason}


def _reason(error: BaseException) -> str:
    return str(error).strip()[:_MAX_REASON_CHARACTERS] or type(error).__name__


def _check_duckdb(connection: Any, sql: str) -> Check:
    try:
        statements = connection.extract_statements(sql)
    except Exception as error:
        return _checked(kinds=[], reason=_reason(error))
    kinds = [statement.type.name.lower() for statement in statements]
    if len(kinds) != 1:
        return _checked(kinds)
    query = statements[0].query
    copy = _COPY.fullmatch(query) if kinds[0] == "copy" else None
    if copy is not None:
        inner = _check_duckdb(connection, copy["query"])
        is_query = inner["kinds"] == ["select"]
        return _checked(kinds, inner["reason"] if is_query else "Only the result of one query can be copied.")
    # EXPLAIN binds a statement and does not run it; of these kinds it would not be the first word.
    if kinds[0] not in ("select", "create", "insert", "update", "delete", "drop", "alter", "merge_into"):
        return _checked(kinds)
    try:
        connection.execute("EXPLAIN " + query).fetchall()
    except Exception as error:
        return _checked(kinds, _reason(error))
    return _checked(kinds)


def _duckdb_tables(connection: Any) -> Check:
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal "
        "ORDER BY table_name, column_index"
    ).fetchmany(MAX_COLUMNS)
    tables: dict[str, list[dict[str, str]]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, []).append({"name": column, "type": kind})
    return {"status": "tables", "tables": [{"name": name, "columns": columns} for name, columns in tables.items()]}


def _check_spark(session: Any, sql: str) -> Check:
    statements = split_statements(sql)
    if len(statements) != 1:
        return _checked(["unknown"] * len(statements))
    words = _words(statements[0]) or ["unknown"]
    if words[0] in ("show", "describe", "desc"):
        return _checked(["select"])
    if words[0] not in _SPARK_QUERIES:
        return _checked([words[0]])
    written = next((word for word in words if word in _SPARK_WRITES), None)
    if written is not None:
        return _checked([written])
    try:
        # EXPLAIN runs nothing, not even a command, and says little of what is wrong.
        plan = str(session.sql("EXPLAIN " + statements[0]).collect()[0][0])
        if plan.startswith("Error"):
            _ = session.sql(statements[0]).schema
    except Exception as error:
        return _checked(["select"], _reason(error))
    return _checked(["command" if "\nExecute " in plan else "select"], _reaches_out(statements[0], plan))


_SPARK_QUERIES = ("select", "with", "from", "values", "table")
# They begin no part of a query, unless as names, which can be quoted.
_SPARK_WRITES = ("insert", "delete", "merge", "update", "drop", "truncate")
_JVM = re.compile(r"\b(?:try_)?(?:reflect|java_method)\s*\(", re.I)
_JVM_QUOTED = re.compile(r"[`\"](?:try_)?(?:reflect|java_method)[`\"](?:\s|--[^\r\n]*|/\*.*?\*/)*\(", re.I | re.S)
_COMPUTED_NAME = re.compile(r"\bidentifier\s*\(", re.I)


def _reaches_out(sql: str, plan: str) -> Optional[str]:
    if calls_java(sql):
        return "Functions that call Java are not available."
    if _COMPUTED_NAME.search(_bare(sql)) is not None:
        return "Names cannot be computed by IDENTIFIER: write them."
    if starts_programs(sql) or "ScriptTransformation" in plan:
        return "Programs cannot be started by TRANSFORM, MAP or REDUCE: use functions of SQL."
    if "FileScan" in plan or "BatchScan" in plan:
        return "Files cannot be read by their paths: use the tables."
    return None


def _spark_tables(session: Any) -> Check:
    tables = []
    for table in session.catalog.listTables():
        if table.isTemporary:
            fields = session.table(_quoted(table.name)).schema.fields
            columns = [{"name": field.name, "type": field.dataType.simpleString()} for field in fields[:MAX_COLUMNS]]
            tables.append({"name": table.name, "columns": columns})
    return {"status": "tables", "tables": tables}


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def split_statements(sql: str) -> "list[str]":
    """The statements between semicolons that stand neither in text, nor in a quoted name, nor in a comment."""
    bare = _bare(sql)
    pieces, start = [], 0
    for position, letter in enumerate(bare):
        if letter == ";":
            pieces.append((start, position))
            start = position + 1
    pieces.append((start, len(bare)))
    return [sql[left:right].strip() for left, right in pieces if bare[left:right].strip()]


def calls_java(sql: str) -> bool:
    """Whether a function of Spark that calls any Java is named, also in quotation marks."""
    return _JVM.search(_bare(sql)) is not None or _JVM_QUOTED.search(sql) is not None


def starts_programs(sql: str) -> bool:
    """Whether rows are given to a program, as Spark's ``TRANSFORM … USING 'program'`` does."""
    bare = _bare(sql)
    texts = (found for found in _HIDDEN.finditer(sql) if found[0][0] in "'\"rR")
    return any(_USING.search(bare[: found.start()].rstrip()) is not None for found in texts)


def first_word(sql: str) -> str:
    """The word with which a statement begins, in small letters; empty where there is none."""
    return next(iter(_words(sql)), "")


def _words(sql: str) -> "list[str]":
    return [word.lower() for word in _WORD.findall(_bare(sql))]


_HIDDEN = re.compile(
    r"--[^\r\n]*|/\*.*?\*/|\b[rR](?:'[^']*'|\"[^\"]*\")|'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`(?:[^`]|``)*`",
    re.S,
)


def _bare(sql: str) -> str:
    """``sql`` with blanks for comments, text and quoted names, each letter in its place."""
    return _HIDDEN.sub(lambda found: " " * len(found[0]), sql)
