"""Traditional characters to simplified ones, one to one, so that no offset moves.

OpenCC's table of single characters. Its phrase tables are left out on purpose: they also translate
words (軟體 to 软件) and change lengths, which is right for readers and wrong for places in a text.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def simplified(text: str) -> str:
    """The text in simplified characters, same length; what has no simplified form stays."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    table = {}
    for line in lines.splitlines():
        traditional, _, forms = line.partition("\t")
        # Where several are possible (乾 is 干 or 乾) OpenCC names the usual one first.
        table[ord(traditional)] = forms.split()[0]
    return table
