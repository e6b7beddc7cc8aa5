"""Captures matplotlib figures as pictures; never opens a window."""

import functools
import os
import struct
import sys
import warnings
from contextlib import suppress
from types import ModuleType
from typing import Any, Callable, Optional

from byzer_interpreter.fonts import adopt_chinese_font, with_font

DOTS_PER_INCH = 144
MAX_SIDE_PIXELS = 8000
MAX_FIGURES_PER_CELL = 50

Image = dict[str, Any]


class Pictures:
    """Writes pictures into the output directory and hands them to `show`, in the order they were captured."""

    def __init__(self, directory: str, show: Callable[[Image], None], on_font: Callable[[str], None]) -> None:
        self._directory = directory
        self._show = show
        self._on_font = on_font
        self._prefix = "cell"
        self._count = 0
        self.font: Optional[str] = None

    def begin(self, prefix: str) -> None:
        """Names the pictures of the next cell."""
        self._prefix = prefix
        self._count = 0

    @property
    def captured(self) -> int:
        """Pictures of this cell so far."""
        return self._count

    def adjust_matplotlib(self, matplotlib: ModuleType) -> None:
        """Keeps every backend that opens windows out."""
        original = matplotlib.use

        def use(backend: Any, *arguments: Any, **options: Any) -> None:
            if str(backend).lower() in ("agg", "pdf", "svg", "ps", "pgf", "cairo"):
                original(backend, *arguments, **options)

        matplotlib.use = use  # type: ignore[attr-defined]

    def adjust_figure(self, module: ModuleType) -> None:
        """Lets the person's own savefig() find Chinese glyphs, whatever style was chosen."""
        original = module.Figure.savefig
        pictures = self

        @functools.wraps(original)
        def savefig(figure: Any, *arguments: Any, **options: Any) -> Any:
            with with_font(sys.modules["matplotlib"], pictures.font):
                return original(figure, *arguments, **options)

        module.Figure.savefig = savefig

    def adjust_pyplot(self, pyplot: ModuleType) -> None:
        """Makes show() capture, and adopts a font with Chinese glyphs."""
        pyplot.show = lambda *_arguments, **_options: self.capture_open()  # type: ignore[attr-defined]
        switch = pyplot.switch_backend

        def switch_backend(backend: Any) -> None:
            if str(backend).lower() in ("agg", "pdf", "svg", "ps", "pgf", "cairo"):
                switch(backend)

        pyplot.switch_backend = switch_backend  # type: ignore[attr-defined]
        self.font = adopt_chinese_font(sys.modules["matplotlib"])
        if self.font is not None:
            self._on_font(self.font)

    def adjust_pillow(self, module: ModuleType) -> None:
        """Makes Image.show() appear in the panel instead of starting a viewer."""
        module.Image.show = lambda image, *_arguments, **_options: self.display(image)

    def capture_open(self) -> None:
        """Captures and closes every open figure that shows something."""
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not hasattr(pyplot, "get_fignums"):
            return
        for number in pyplot.get_fignums():
            figure = pyplot.figure(number)
            try:
                if _shows_something(figure):
                    self.figure(figure)
            finally:
                pyplot.close(figure)

    def display(self, value: Any) -> bool:
        """Shows `value` when it is a figure or draws itself as a picture; false when it is neither."""
        if _is_matplotlib(value, "Figure"):
            self.figure(value)
            with suppress(Exception):
                sys.modules["matplotlib.pyplot"].close(value)
            return True
        if isinstance(value, type):
            return False
        for method, mime in (("_repr_png_", "image/png"), ("_repr_jpeg_", "image/jpeg")):
            data = _drawn(value, method)
            if data is not None:
                self._add(data, mime, f"{type(value).__name__} picture")
                return True
        return False

    def figure(self, figure: Any) -> None:
        """Captures one figure at 144 dots an inch, fewer where it would be larger than 8,000 pixels."""
        import io

        if self._count == MAX_FIGURES_PER_CELL:
            print(f"More than {MAX_FIGURES_PER_CELL} figures in one cell: the rest is not shown.")
        if self._count >= MAX_FIGURES_PER_CELL:
            self._count += 1
            return
        buffer = io.BytesIO()
        resolution = min(DOTS_PER_INCH, MAX_SIDE_PIXELS / max(1e-6, *figure.get_size_inches()))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*[Gg]lyph .* missing.*")
            figure.savefig(buffer, format="png", dpi=resolution, bbox_inches="tight")
        self._add(buffer.getvalue(), "image/png", describe(figure))

    def _add(self, data: bytes, mime: str, alt: str) -> None:
        self._count += 1
        file = f"{self._prefix}-{self._count}.{'png' if mime == 'image/png' else 'jpg'}"
        with open(os.path.join(self._directory, file), "wb") as target:
            target.write(data)
        width, height = png_size(data) if mime == "image/png" else jpeg_size(data)
        self._show({"type": "image", "mime": mime, "file": file, "width": width, "height": height, "alt": alt})


def is_drawing_by_product(value: Any) -> bool:
    """Whether `value` is what a plotting call returns by the way: axes, lines, texts, or a collection of them."""
    if _is_matplotlib(value, "Artist") and not _is_matplotlib(value, "Figure"):
        return True
    if type(value).__name__ in (
        "FacetGrid",
        "PairGrid",
        "JointGrid",
        "ClusterGrid",
        "BarContainer",
        "ErrorbarContainer",
    ):
        return True
    if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
        items = list(getattr(value, "flat", value))[:100]
        return bool(items) and any(_is_matplotlib(item, "Artist") for item in _flattened(items))
    return False


def describe(figure: Any) -> str:
    """The titles and axis labels of a figure, for a screen reader."""
    parts: list[str] = []
    title = getattr(figure, "_suptitle", None)
    if title is not None and title.get_text():
        parts.append(title.get_text())
    for axes in figure.axes:
        labels = [f"{name}: {label}" for name, label in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())) if label]
        named = [axes.get_title(), f"({', '.join(labels)})" if labels else ""]
        text = " ".join(part for part in named if part)
        if text:
            parts.append(text)
    return " · ".join(" ".join(part.split()) for part in parts) or f"Figure with {len(figure.axes)} plots, untitled"


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels (PNG specification, section 11.2.1)."""
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the first frame header (ITU-T T.81, B.2.2); zeros where there is none."""
    position = 2
    while position + 9 < len(data):
        marker, length = struct.unpack(">HH", data[position : position + 4])
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return int(width), int(height)
        position += 2 + length
    return 0, 0


def _flattened(items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in items:
        flat.extend(list(item)[:10] if isinstance(item, (list, tuple)) else [item])
    return flat


def _is_matplotlib(value: Any, kind: str) -> bool:
    module = sys.modules.get("matplotlib.artist" if kind == "Artist" else "matplotlib.figure")
    base = getattr(module, kind, None)
    return base is not None and isinstance(value, base)


def _shows_something(figure: Any) -> bool:
    return bool(figure.axes or figure.texts or figure.images or figure.lines or figure.artists or figure.patches)


def _drawn(value: Any, method: str) -> Optional[bytes]:
    draw = getattr(type(value), method, None)
    if draw is None:
        return None
    data = draw(value)
    if isinstance(data, tuple):
        data = data[0]
    return bytes(data) if isinstance(data, (bytes, bytearray)) else None
