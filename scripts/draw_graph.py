"""Draws the coaching graph to docs/images/coach-graph.svg, from the compiled graph itself.

LangGraph's own PNG export asks a web service, so this lays the nodes out in a row of their own.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from agents.coach.graph import build_graph
from agents.coach.nodes import CoachNodes

OUT = Path(__file__).parents[1] / "docs" / "images" / "coach-graph.svg"
WIDTH, HEIGHT, GAP, MARGIN = 190, 34, 26, 20


def ordered(edges: list[tuple[str, str]]) -> list[str]:
    """Nodes so that every edge points downwards (the graph has no cycles)."""
    names = list(dict.fromkeys(name for edge in edges for name in edge))
    done: list[str] = []
    while len(done) < len(names):
        free = [n for n in names if n not in done and all(a in done for a, b in edges if b == n)]
        done.append(free[0])
    return done


def svg(edges: list[tuple[str, str, bool]]) -> str:
    names = ordered([(a, b) for a, b, _ in edges])
    top = {name: MARGIN + number * (HEIGHT + GAP) for number, name in enumerate(names)}
    height = MARGIN * 2 + len(names) * (HEIGHT + GAP) - GAP
    centre = MARGIN + WIDTH // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 120} {height}">',
        "<style>text { font: 13px system-ui, sans-serif; }</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"',
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b6472"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for before, after, conditional in edges:
        y1, y2 = top[before] + HEIGHT, top[after]
        dash = ' stroke-dasharray="5 4"' if conditional else ""
        if y2 - y1 <= GAP:
            path = f"M{centre} {y1}V{y2 - 1}"
        else:
            side, middle = MARGIN + WIDTH, top[before] + HEIGHT // 2
            bend = f"C{side + 70} {middle} {side + 70} {top[after] + HEIGHT // 2}"
            path = f"M{side} {middle}{bend} {side + 2} {top[after] + HEIGHT // 2}"
        parts.append(
            f'<path d="{path}" fill="none" stroke="#5b6472" stroke-width="1.4"{dash} '
            'marker-end="url(#tip)"/>'
        )
    for name in names:
        outer = name.startswith("__")
        fill, ink = ("#eef0f3", "#5b6472") if outer else ("#e8f1f0", "#123c3a")
        parts.append(
            f'<rect x="{MARGIN}" y="{top[name]}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
            f'fill="{fill}" stroke="#b9c4c9"/><text x="{centre}" y="{top[name] + 22}" '
            f'text-anchor="middle" fill="{ink}">{escape(name.strip("_"))}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    # Wiring needs no models: the nodes only hold the backends they are given.
    drawn = build_graph(CoachNodes(None)).get_graph()  # type: ignore[arg-type]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    edges = [(e.source, e.target, e.conditional) for e in drawn.edges]
    OUT.write_text(svg(edges), encoding="utf-8")
    print(f"drawn: {OUT.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
