"""Turns values into outputs: tables, pictures, text."""

from typing import Any, Callable, Optional

from byzer_interpreter.figures import Pictures, is_drawing_by_product
from byzer_interpreter.tables import table_of

MAX_VALUE_CHARACTERS = 64 * 1024
MAX_TABLES_PER_CELL = 50

Output = dict[str, Any]


class Display:
    """Shows values of the running cell through `show`."""

    def __init__(self, show: Callable[[Output], None], pictures: Pictures) -> None:
        self._show = show
        self._pictures = pictures
        self._tables = 0

    def begin(self) -> None:
        """A new cell starts."""
        self._tables = 0

    def display(self, *values: Any, **_options: Any) -> None:
        """The cells' display(): shows each value as the last expression of a cell would be shown."""
        for value in values:
            self._value(value, None)

    def last_value(self, value: Any, name: Optional[str]) -> None:
        """Shows the value of a cell's last expression. `name` is the variable, where it is one."""
        if value is None or (self._is_by_product(value)):
            return
        self._value(value, name)

    def _value(self, value: Any, name: Optional[str]) -> None:
        table = table_of(value, name)
        if table is not None and self._tables < MAX_TABLES_PER_CELL:
            self._tables += 1
            self._show(table)
        elif table is not None or not self._pictures.display(value):
            self._show({"type": "value", "text": _shortened(repr(value))})

    def _is_by_product(self, value: Any) -> bool:
        return is_drawing_by_product(value)


def print_as_notebooks_do(pandas: Any) -> None:
    """Printed frames have the columns that they have in a notebook, whatever the width of the terminal."""
    pandas.set_option("display.max_columns", 20)


def _shortened(text: str) -> str:
    if len(text) <= MAX_VALUE_CHARACTERS:
        return text
    return f"{text[:MAX_VALUE_CHARACTERS]}\n… {len(text) - MAX_VALUE_CHARACTERS:,} more characters"
