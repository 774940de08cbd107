"""The taxonomy file: its 26 intents, and what is refused."""

from pathlib import Path

import pytest
import yaml

from agents.intent.taxonomy import load_taxonomy
from core.errors import InvalidInput
from core.settings import Settings


def test_there_are_26_intents_each_explained_in_both_languages():
    taxonomy = load_taxonomy()
    assert len(taxonomy.ids) == 26
    assert taxonomy.ids[0] == "need.pain"
    assert all(meaning.zh and meaning.en for meaning in taxonomy.meanings.values())
    assert len(taxonomy.rules) >= 10


def test_the_copy_is_the_designs_taxonomy():
    design = Settings().shared / "design" / "intent_taxonomy.yaml"
    if not design.is_file():
        pytest.skip("the design folder is not under JUNSHI_SHARED")
    groups = yaml.safe_load(design.read_text(encoding="utf-8"))["groups"]
    ids = [intent["id"] for intents in groups.values() for intent in intents]
    assert list(load_taxonomy().ids) == ids


@pytest.mark.parametrize(
    "text",
    [
        "groups: [",
        "version: 1\nrules: []\ngroups: {}",
        "version: 1\nrules: []\ngroups: {need: [{id: money.x, zh: 甲, en: a}]}",
        "version: 1\nrules: []\ngroups: {need: [&x {id: need.x, zh: 甲, en: a}, *x]}",
    ],
)
def test_a_malformed_taxonomy_is_refused_with_a_remedy(tmp_path: Path, text: str):
    file = tmp_path / "taxonomy.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_taxonomy(file)
    assert caught.value.remedy
