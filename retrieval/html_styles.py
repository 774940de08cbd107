"""Which parts of a mail's HTML a reader cannot see.

Only what senders use to hide words is read: inline styles, presentational attributes, and plain
rules of <style> sheets (rules inside @media with conditions describe other screens). An unknown
colour or background never hides anything: a swallowed sentence is worse than a stray one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Rgb = tuple[int, int, int]
Style = Mapping[str, str]

_BLACK, _WHITE, _LINK_BLUE = (0, 0, 0), (255, 255, 255), (0, 0, 238)
_NAMES: dict[str, Rgb] = {
    "black": _BLACK,
    "white": _WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
}
# Channels this close cannot be told apart on paper or screen.
_SAME_COLOUR = 6
_SMALLEST_READABLE = {"px": 1.5, "pt": 1.5, "em": 0.1, "rem": 0.1, "%": 10.0, "": 0.5}
_SIZE = re.compile(r"(-?\d{0,5}\.?\d{1,5})\s*(px|pt|em|rem|%)?")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,6})(%?))?\s*\)"
)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_FULL_MEDIA = re.compile(r"@media\s+(?:all|screen)\s*\Z")
_TELLING = frozenset(
    "display visibility opacity font font-size color background background-color height max-height"
    " width max-width overflow text-indent left top position mso-hide".split()
)
_TABLE_PARTS = frozenset("table tbody thead tfoot tr td th".split())

_MAX_STYLESHEET = 200_000
_MAX_RULES = 150


class Look(NamedTuple):
    """What text inherits; None is an unknown colour."""

    colour: Rgb | None = _BLACK
    background: Rgb | None = _WHITE
    is_tiny: bool = False
    is_invisible: bool = False
    is_transparent: bool = False
    is_preformatted: bool = False

    def shows_text(self) -> bool:
        if self.is_tiny or self.is_invisible or self.is_transparent:
            return False
        if self.colour is None or self.background is None:
            return True
        pairs = zip(self.colour, self.background, strict=True)
        return any(abs(a - b) > _SAME_COLOUR for a, b in pairs)


@lru_cache(maxsize=1024)
def declarations(style: str) -> Style:
    """Lower-case property to value of one declaration list; the last one wins."""
    found: dict[str, str] = {}
    for part in _COMMENT.sub("", style[:4000]).lower().split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip() in _TELLING:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def is_removed(tag: str, attributes: Mapping[str, Any], style: Style) -> bool:
    """Whether the element is out of sight with everything in it."""
    if "hidden" in attributes or style.get("display") == "none":
        return True
    if style.get("mso-hide") == "all" or _is_zero(style.get("opacity", "1")):
        return True
    if tag not in _TABLE_PARTS and any(
        name in style and _is_zero(style[name]) for name in ("height", "max-height")
    ):
        return True
    is_cut = style.get("overflow", "").startswith("hidden")
    if is_cut and any(_is_zero(style.get(name, "1")) for name in ("width", "max-width")):
        return True
    return any(_is_far_off(style.get(name, "0")) for name in ("text-indent", "left", "top"))


def look_of(tag: str, attributes: Mapping[str, Any], style: Style, outer: Look) -> Look:
    """The look of an element's own text, from its parent's."""
    colour, is_transparent = outer.colour, outer.is_transparent
    if tag == "a" and "href" in attributes:
        colour = _LINK_BLUE
    for value in (attributes.get("text" if tag == "body" else "color"), style.get("color")):
        if value and value.strip().lower() not in ("inherit", "currentcolor", "unset"):
            colour, is_transparent = _colour(value)
    visibility = style.get("visibility")
    return Look(
        colour=colour,
        background=_background(attributes, style, outer.background),
        is_tiny=_is_tiny(style, outer.is_tiny),
        is_invisible=visibility in ("hidden", "collapse") if visibility else outer.is_invisible,
        is_transparent=is_transparent,
        is_preformatted=outer.is_preformatted or tag in ("pre", "textarea"),
    )


def _background(attributes: Mapping[str, Any], style: Style, inherited: Rgb | None) -> Rgb | None:
    if attributes.get("background"):
        return None
    found = inherited
    values = (attributes.get("bgcolor"), style.get("background"), style.get("background-color"))
    for value in values:
        if not value or value.strip().lower() in ("none", "inherit", "initial", "unset"):
            continue
        if "url(" in value or "gradient" in value:
            return None
        colour, is_transparent = _colour(value)
        found = found if is_transparent else colour
    return found


def _is_tiny(style: Style, inherited: bool) -> bool:
    value = style.get("font-size") or style.get("font", "")
    match = _SIZE.search(value)
    if match is None:
        return inherited
    unit = match[2] or ""
    if unit in ("em", "%") and inherited:
        return True
    return float(match[1]) < _SMALLEST_READABLE[unit]


def _is_zero(value: str) -> bool:
    match = _SIZE.match(value)
    return match is not None and float(match[1]) == 0


def _is_far_off(value: str) -> bool:
    match = _SIZE.match(value)
    return match is not None and float(match[1]) <= -900


def _colour(value: str) -> tuple[Rgb | None, bool]:
    """(colour or None where unknown, whether it is fully transparent)."""
    value = value.strip().lower()
    if "transparent" in value:
        return None, True
    if match := _HEX.search(value):
        return _from_hex(match[1])
    if match := _RGB.search(value):
        alpha = match[4]
        is_clear = alpha is not None and alpha.strip(".0") == ""
        return (int(match[1]), int(match[2]), int(match[3])), is_clear
    for word in value.split():
        if word in _NAMES:
            return _NAMES[word], False
    return None, False


def _from_hex(digits: str) -> tuple[Rgb | None, bool]:
    if len(digits) in (3, 4):
        digits = "".join(d * 2 for d in digits)
    if len(digits) not in (6, 8):
        return None, False
    r, g, b = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return (r, g, b), digits[6:] == "00"


def sheet_styles(tree: Any, is_late: Callable[[], bool]) -> dict[int, dict[str, str]]:
    """Declarations that <style> sheets give to elements, by the element's `mem_id`."""
    styles: dict[int, dict[str, str]] = {}
    sheet = "\n".join(node.text() or "" for node in tree.css("style"))[:_MAX_STYLESHEET]
    n_rules = 0
    for selector, body in _rules(_COMMENT.sub("", sheet.replace("<!--", "").replace("-->", ""))):
        found = declarations(body)
        if not found or ":" in selector:
            continue
        n_rules += 1
        if n_rules > _MAX_RULES or is_late():
            break
        for node in _matching(tree, selector):
            styles.setdefault(node.mem_id, {}).update(found)
    return styles


def _matching(tree: Any, selector: str) -> list[Any]:
    try:
        return list(tree.css(selector))
    except Exception:  # a selector that the library cannot read hides nothing
        return []


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of rules that hold on any screen."""
    depth, start, prelude, skipped_at = 0, 0, "", 0
    for brace in re.finditer(r"[{}]", sheet):
        text = sheet[start : brace.start()].strip()
        start = brace.end()
        if brace[0] == "{":
            depth += 1
            prelude = text.rsplit(";", 1)[-1].strip()
            if prelude.startswith("@") and not skipped_at:
                if _FULL_MEDIA.match(prelude.lower()):
                    depth -= 1
                else:
                    skipped_at = depth
        elif depth:
            if not skipped_at and prelude and len(prelude) <= 500:
                yield prelude, text
            if skipped_at == depth:
                skipped_at = 0
            depth -= 1
            prelude = ""
