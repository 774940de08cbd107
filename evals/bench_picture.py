"""Growth of search with the number of passages, drawn as plain SVG: no plotting library needed.

Both axes are logarithmic, so a time that grows with the store in proportion is a straight line up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Json = dict[str, Any]
Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 380, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 44, 78
GREY, INK = "#5b6472", "#123c3a"
ACCOUNT, GLOBAL = "#0f766e", "#b45309"
BUDGET_MS = {"account": 5.0, "global": 10.0}
BUDGET_AT = 50_000
_NAMES = {"account": "one account", "global": "all in one scope"}
_COLOURS = {"account": ACCOUNT, "global": GLOBAL}


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    colour: str
    points: Points
    dashed: bool = False


def growth_svg(by_size: Sequence[Json]) -> str:
    """Two panels: ms of a search (p50, p99) and MiB in memory, each against passages."""
    latency, memory, budgets = [], [], []
    for layout, name in _NAMES.items():
        rows = [(row["n"], row[layout]) for row in by_size if layout in row]
        colour = _COLOURS[layout]
        for at, dashed in (("p99", False), ("p50", True)):
            points = [(n, figures["search_ms"][at]) for n, figures in rows]
            latency.append(Line(f"{name}, {at}", colour, points, dashed))
        resident = [(n, figures["rss_searched_mib"]) for n, figures in rows]
        memory.append(Line(name, colour, [(n, mib) for n, mib in resident if mib is not None]))
        budgets.append((BUDGET_AT, BUDGET_MS[layout], colour))
    panels = [
        _panel("Search, ms (crosses: p99 budget)", latency, budgets),
        _panel("Memory of the whole program, MiB", memory, []),
    ]
    placed = [
        f'<g transform="translate({number * WIDTH} 0)">{panel}</g>'
        for number, panel in enumerate(panels)
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(panels)} {HEIGHT}">'
        f"<style>text {{ font: 12px system-ui, sans-serif; fill: {GREY}; }}</style>"
        '<rect width="100%" height="100%" fill="#ffffff"/>'
    )
    return "\n".join([head, *placed, "</svg>\n"])


def _panel(title: str, lines: Sequence[Line], marks: Sequence[tuple[float, float, str]]) -> str:
    points = [*(point for line in lines for point in line.points), *((x, y) for x, y, _ in marks)]
    heading = f'<text x="{LEFT}" y="24" style="fill:{INK};font-weight:600">{escape(title)}</text>'
    if not points:
        return heading
    scale = _Scale.of(points)
    parts = [heading, *_grid(scale, sorted({x for line in lines for x, _ in line.points}))]
    for number, line in enumerate(lines):
        parts += _drawn(line, scale)
        parts.append(_legend(line, number))
    for x, y, colour in marks:
        at_x, at_y = scale.place(x, y)
        cross = f"M{at_x - 5:.1f} {at_y - 5:.1f}l10 10m0 -10l-10 10"
        parts.append(f'<path d="{cross}" stroke="{colour}" stroke-width="2"/>')
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole decades upwards, a little room at both sides of the sizes."""

    x0: float
    x1: float
    y0: float
    y1: float

    @classmethod
    def of(cls, points: Points) -> _Scale:
        xs = [math.log10(x) for x, _ in points]
        ys = [math.log10(max(y, 1e-3)) for _, y in points]
        bottom, top = math.floor(min(ys)), math.ceil(max(ys))
        return cls(min(xs) - 0.1, max(xs) + 0.1, bottom, max(top, bottom + 1))

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - self.x0) / (self.x1 - self.x0)
        up = (math.log10(max(y, 1e-3)) - self.y0) / (self.y1 - self.y0)
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )


def _grid(scale: _Scale, sizes: Sequence[float]) -> list[str]:
    parts = []
    for decade in range(int(scale.y0), int(scale.y1) + 1):
        for factor in (1, 2, 5):
            value = factor * 10.0**decade
            if math.log10(value) > scale.y1:
                continue
            _, y = scale.place(sizes[0] if sizes else BUDGET_AT, value)
            parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e5e8ec"/>')
            label = f'x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end"'
            parts.append(f"<text {label}>{value:g}</text>")
    for size in sizes:
        x, _ = scale.place(size, 1)
        name = f"{size / 1_000:g}k" if size >= 1_000 else f"{size:g}"
        label = f'x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle"'
        parts.append(f"<text {label}>{name}</text>")
    return parts


def _drawn(line: Line, scale: _Scale) -> list[str]:
    places = [scale.place(x, y) for x, y in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    shape = f'points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"{_dash(line)}'
    parts = [f"<polyline {shape}/>"]
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.colour}"/>' for x, y in places]
    return parts


def _legend(line: Line, number: int) -> str:
    x = LEFT + (number % 2) * 160
    y = HEIGHT - 36 + (number // 2) * 18
    return (
        f'<path d="M{x} {y - 4}h22" stroke="{line.colour}" stroke-width="2"{_dash(line)}/>'
        f'<text x="{x + 28}" y="{y}">{escape(line.name)}</text>'
    )


def _dash(line: Line) -> str:
    return ' stroke-dasharray="5 4"' if line.dashed else ""


def budget_of(layout: str) -> Mapping[str, float]:
    """The p99 a search is allowed, and at how many passages."""
    return {"n": BUDGET_AT, "p99_ms": BUDGET_MS[layout]}
