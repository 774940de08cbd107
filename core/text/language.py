"""Which of the two house languages a text is in, by its script alone.

Chinese sales talk is full of Latin product names, and one Han character weighs about as much as a
Latin word of five letters: a fifth of the letters is therefore enough to call a text Chinese.
"""

import re
from typing import Literal

# Unified ideographs, extensions A to G, the compatibility block and 〇.
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")

_HAN_SHARE = 0.2


def language_of(text: str) -> Literal["zh", "en"]:
    """'zh' when Han characters are at least 20 % of the letters, else (or without letters) 'en'."""
    n_han = len(_HAN.findall(text))
    if not n_han:
        return "en"
    # Letters are at most all characters: mostly Chinese text needs no count.
    if n_han >= _HAN_SHARE * len(text):
        return "zh"
    return "zh" if n_han >= _HAN_SHARE * sum(map(str.isalpha, text)) else "en"
