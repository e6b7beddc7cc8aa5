"""Data frames, series and lists of records as typed tables."""

import datetime
import decimal
import math
import sys
from typing import Any, Optional, Union

MAX_ROWS = 1000
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 2000
MAX_EXACT_INTEGER = 2**53

Cell = Union[str, int, float, bool, None]
Table = dict[str, Any]
_Column = tuple[str, str, str, list[Any]]


def table_of(value: object, name: Optional[str] = None) -> Optional[Table]:
    """The table output of `value`, or None where it is no table. At most 1,000 rows and 200 columns travel."""
    shape = _pandas_columns(value) or _polars_columns(value) or _record_columns(value)
    if shape is None:
        return None
    row_count, column_count, columns = shape
    cells = [[cell_of(item) for item in items] for _, _, _, items in columns]
    table: Table = {
        "type": "table",
        "columns": [{"name": title, "kind": kind, "dtype": dtype} for title, kind, dtype, _ in columns],
        "rows": [list(row) for row in zip(*cells)],
        "rowCount": row_count,
        "columnCount": column_count,
    }
    if name is not None:
        table["name"] = name
    return table


def cell_of(value: Any) -> Cell:
    """One value as it travels: missing as None, dates and integers beyond 2^53 as text."""
    if value is None or isinstance(value, (str, bool)):
        return value[:MAX_CELL_CHARACTERS] if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value) if abs(value) <= MAX_EXACT_INTEGER else str(int(value))
    if isinstance(value, float):
        return _float_cell(float(value))
    if isinstance(value, datetime.datetime):
        return _moment(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return None if value.is_nan() else str(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return cell_of(_unboxed(value))
    return str(value)[:MAX_CELL_CHARACTERS]


def _unboxed(value: Any) -> object:
    """The Python value of a numpy scalar; nanosecond dates would become integers and go as text instead."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    plain = str(value) if kind in "mMcV" else value.item()
    return None if plain == "NaT" else plain


def _float_cell(value: float) -> Cell:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _moment(value: datetime.datetime) -> Optional[str]:
    if value != value:  # NaT is a datetime that equals nothing
        return None
    text = value.isoformat(sep=" ")
    return text[:10] if text.endswith(" 00:00:00") else text


def _pandas_columns(value: Any) -> Optional[tuple[int, int, list[_Column]]]:
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    if type(value).__name__ == "Styler" and isinstance(getattr(value, "data", None), pandas.DataFrame):
        value = value.data
    if isinstance(value, pandas.Series):
        value = value.to_frame("value" if value.name is None else value.name)
    if not isinstance(value, pandas.DataFrame):
        return None
    head = value.iloc[:MAX_ROWS]
    columns = _index_columns(pandas, head.index)
    total = len(columns) + value.shape[1]
    for position in range(min(value.shape[1], MAX_COLUMNS - len(columns))):
        columns.append(_pandas_column(_title(value.columns[position]), head.iloc[:, position]))
    return len(value), total, columns


def _index_columns(pandas: Any, index: Any) -> list[_Column]:
    if isinstance(index, pandas.RangeIndex) and index.name is None and index.step == 1:
        return []
    if isinstance(index, pandas.MultiIndex):
        levels = [(index.get_level_values(level), index.names[level]) for level in range(index.nlevels)]
        names = [f"level {number}" if name is None else _title(name) for number, (_, name) in enumerate(levels)]
        return [_pandas_column(name, level) for name, (level, _) in zip(names, levels)]
    return [_pandas_column("index" if index.name is None else _title(index.name), index)]


def _pandas_column(title: str, series: Any) -> _Column:
    items = list(series)
    return title, _kind(str(series.dtype), getattr(series.dtype, "kind", "O"), items), str(series.dtype), items


def _title(label: object) -> str:
    if isinstance(label, tuple):
        return " / ".join(str(part) for part in label if str(part))
    return str(label)


def _kind(dtype: str, numpy_kind: str, items: list[Any]) -> str:
    if dtype == "bool" or dtype.lower().startswith("boolean") or numpy_kind == "b":
        return "boolean"
    if numpy_kind in "iuf":
        return "number"
    if numpy_kind == "M" or dtype.startswith(("datetime", "date", "Date", "period")):
        return "date"
    if numpy_kind in "cmSU":
        return "text"
    return kind_of_values(items)


def kind_of_values(items: list[Any]) -> str:
    """How a column of Python objects is aligned and sorted."""
    present = [item for item in items if cell_of(item) is not None]
    if not present:
        return "text"
    if all(isinstance(item, bool) for item in present):
        return "boolean"
    if all(isinstance(item, (int, float, decimal.Decimal)) or _is_numpy_number(item) for item in present):
        return "number"
    if all(isinstance(item, datetime.date) for item in present):
        return "date"
    return "text"


def _is_numpy_number(item: Any) -> bool:
    return getattr(getattr(item, "dtype", None), "kind", "") in tuple("iuf") and getattr(item, "ndim", None) == 0


def _polars_columns(value: Any) -> Optional[tuple[int, int, list[_Column]]]:
    polars = sys.modules.get("polars")
    if polars is None or not hasattr(polars, "DataFrame"):
        return None
    if isinstance(value, polars.Series):
        value = value.to_frame()
    if not isinstance(value, polars.DataFrame):
        return None
    columns: list[_Column] = []
    for series in value.head(MAX_ROWS).get_columns()[:MAX_COLUMNS]:
        items = series.to_list()
        columns.append((series.name, kind_of_values(items), str(series.dtype), items))
    return value.height, value.width, columns


def _record_columns(value: object) -> Optional[tuple[int, int, list[_Column]]]:
    """A list of dictionaries with the same text keys: the tables of code that has only the standard library."""
    if type(value) is not list or len(value) < 2 or not all(type(item) is dict for item in value[:MAX_ROWS]):
        return None
    names = list(value[0])
    if not names or not all(type(name) is str for name in names):
        return None
    head = value[:MAX_ROWS]
    if any(list(item) != names for item in head):
        return None
    columns: list[_Column] = []
    for name in names[:MAX_COLUMNS]:
        items = [item[name] for item in head]
        types = {type(item).__name__ for item in items if item is not None}
        columns.append((name, kind_of_values(items), types.pop() if len(types) == 1 else "object", items))
    return len(value), len(names), columns
