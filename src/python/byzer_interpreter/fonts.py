"""A font with Chinese glyphs for matplotlib, where one is installed."""

import copy
from collections.abc import Iterable
from typing import Any, Optional

# In order of preference. Font collections are known by their first face, such as "Noto Sans CJK JP".
CANDIDATES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "PingFang HK",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Sarasa Gothic SC",
    "Arial Unicode MS",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "AR PL UMing CN",
    "AR PL UKai CN",
    "SimSun",
)
# Names that code for Chinese figures asks for by habit, installed or not.
HABITUAL = ("SimHei", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "Noto Sans CJK SC", "Heiti SC", "SimSun")
_SAMPLE = "中文数据"
_MINUS = 0x2212


def adopt_chinese_font(matplotlib: Any) -> Optional[str]:
    """Puts a font with Chinese glyphs first among matplotlib's sans-serif fonts and returns its name.

    The names that code asks for by habit lead to it too, so that such code shows no boxes. None where there is none.
    """
    from matplotlib import font_manager

    manager = font_manager.fontManager
    entry = _find(manager.ttflist)
    if entry is None:
        return None
    name = str(entry.name)
    present = {known.name for known in manager.ttflist}
    for habitual in HABITUAL:
        if habitual not in present:
            alias = copy.copy(entry)
            object.__setattr__(alias, "name", habitual)
            manager.ttflist.append(alias)
    prefer(matplotlib, name)
    if not _has_glyphs(entry.fname, [_MINUS]):
        matplotlib.rcParams["axes.unicode_minus"] = False
    return name


def prefer(matplotlib: Any, name: str) -> None:
    """Makes `name` the first sans-serif font."""
    families = [family for family in matplotlib.rcParams["font.sans-serif"] if family != name]
    matplotlib.rcParams["font.sans-serif"] = [name, *families]


def with_font(matplotlib: Any, name: Optional[str]) -> Any:
    """A context in which `name` is at least the last resort: styles and themes replace the list of fonts."""
    families: list[str] = list(matplotlib.rcParams["font.sans-serif"])
    if name is None or name in families:
        return matplotlib.rc_context()
    generic = list(matplotlib.rcParams["font.family"])
    family = generic if "sans-serif" in generic else [*generic, "sans-serif"]
    return matplotlib.rc_context({"font.sans-serif": [*families, name], "font.family": family})


def _find(entries: Iterable[Any]) -> Optional[Any]:
    by_name = {}
    for entry in entries:
        if entry.name in CANDIDATES and entry.style == "normal" and _is_regular(entry.weight):
            by_name.setdefault(entry.name, entry)
    for name in CANDIDATES:
        if name in by_name and _has_glyphs(by_name[name].fname, [ord(character) for character in _SAMPLE]):
            return by_name[name]
    return None


def _is_regular(weight: object) -> bool:
    return weight in ("normal", "regular", "book", 400, "roman", "medium", 500)


def _has_glyphs(path: str, code_points: Iterable[int]) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(path)
        return all(font.get_char_index(code_point) for code_point in code_points)
    except (OSError, RuntimeError, ValueError):
        return False
