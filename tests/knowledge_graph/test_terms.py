import json
import os
from pathlib import Path

import pytest

from core.domain import LANGUAGES, Channel
from core.errors import InvalidInput, NotFound
from knowledge_graph import terms as terms_module
from knowledge_graph.terms import Terms, load_packs

FACTORY = """\
scheme: factory
concepts:
- {id: controller, prefLabel: {zh: 控制器, en: controller}}
- id: plc
  prefLabel: {zh: 可编程控制器, en: "programmable logic controller"}
  altLabel: {zh: [可编程逻辑控制器], en: [PLC]}
  broader: [controller]
  related: [hmi]
- {id: safety-plc, prefLabel: {zh: 安全型控制器, en: safety PLC}, broader: [plc]}
- {id: hmi, prefLabel: {zh: 人机界面, en: human-machine interface}, altLabel: {en: [HMI]}}
"""
SHOP = """\
scheme: shop
class: {id: top, code: F52, prefLabel: {zh: 零售业, en: Retail trade}}
concepts:
- {id: till, prefLabel: {zh: 收银台, en: 'till'}, broader: [top]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    packs = tmp_path / "made" / "packs"
    (packs / "shop").mkdir(parents=True)
    (packs / "factory.yaml").write_text(FACTORY, encoding="utf-8")
    (packs / "shop" / "general.yaml").write_text(SHOP, encoding="utf-8")
    return packs


@pytest.fixture
def terms(folder: Path) -> Terms:
    return load_packs(folder)


def test_a_concept_has_labels_broader_and_related_terms(terms: Terms) -> None:
    plc = terms.concept("factory:plc")
    assert plc.pref.zh == "可编程控制器"
    assert plc.labels("en") == ("programmable logic controller", "PLC")
    assert plc.broader == ("factory:controller",)
    assert plc.related == ("factory:hmi",)
    assert terms.concept("shop:top").code == "F52"
    assert terms.schemes == ("factory", "shop")


def test_a_term_is_cited_by_its_label_as_it_stands_in_the_pack_file(terms: Terms) -> None:
    for concept in terms.concepts():
        for language in LANGUAGES:
            evidence = terms.term_evidence(concept, language)
            text, sha256 = terms.original(evidence.file)
            assert text[evidence.start : evidence.end] == evidence.quote
            assert evidence.quote == concept.pref.get(language)
            assert evidence.source_sha256 == sha256
            assert evidence.channel is Channel.TERM
            assert evidence.source_id == f"term:{concept.id}"
            assert text[concept.start : concept.end].startswith("{zh: ")
            assert concept.start <= evidence.start < evidence.end <= concept.end
    assert evidence.file == "made/packs/shop/general.yaml"


def test_broader_terms_come_nearest_first(terms: Terms) -> None:
    chain = [concept.id for concept in terms.broader_chain("factory:safety-plc")]
    assert chain == ["factory:plc", "factory:controller"]
    assert [c.id for c in terms.narrower("factory:plc")] == ["factory:safety-plc"]


def test_a_query_grows_by_synonyms_translation_and_narrower_terms(terms: Terms) -> None:
    assert terms.expand("PLC") == {
        "programmable logic controller": 0.6,
        "可编程控制器": 0.5,
        "safety PLC": 0.2,
    }
    assert terms.expand("我们想换可编程控制器") == {
        "可编程逻辑控制器": 0.6,
        "programmable logic controller": 0.5,
        "安全型控制器": 0.2,
    }
    assert terms.expand("nothing of the trade") == {}


def test_what_the_query_says_already_is_not_added(terms: Terms) -> None:
    assert "programmable logic controller" not in terms.expand("PLC programmable logic controller")


def test_unknown_concepts_and_files_are_not_found(terms: Terms) -> None:
    with pytest.raises(NotFound, match="factory:robot"):
        terms.concept("factory:robot")
    with pytest.raises(NotFound, match="passwd"):
        terms.original("/etc/passwd")


def test_the_cache_gives_the_same_terms_without_reading_yaml(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "home" / "cache"
    first = load_packs(folder, cache=cache)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("YAML was read again")

    monkeypatch.setattr(terms_module, "read_pack", refuse)
    second = load_packs(folder, cache=cache)
    assert second.concepts() == first.concepts()
    assert second.version == first.version
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_an_edited_pack_is_read_anew_even_when_size_and_time_stay(
    folder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    before = load_packs(folder, cache=cache)
    path = folder / "factory.yaml"
    stat = path.stat()
    path.write_text(FACTORY.replace("人机界面", "人机接口"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    after = load_packs(folder, cache=cache)
    assert after.concept("factory:hmi").pref.zh == "人机接口"
    assert after.version != before.version


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "binary"])
def test_a_damaged_cache_is_built_again(folder: Path, tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "cache"
    good = load_packs(folder, cache=cache)
    (path,) = cache.iterdir()
    content = path.read_bytes()
    path.write_bytes(
        {
            "flip": content.replace(b"controller", b"kontroller", 1),
            "cut": content[: len(content) // 2],
            "empty": b"",
            "binary": b"\xff\x00" * 100,
        }[damage]
    )
    assert load_packs(folder, cache=cache).concepts() == good.concepts()
    assert path.read_bytes() == content


def test_a_cache_that_cannot_be_written_does_not_stop_the_start(
    folder: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where the folder should be")
    assert len(load_packs(folder, cache=blocked)) == 6


def test_the_cache_holds_plain_json_after_its_hash(folder: Path, tmp_path: Path) -> None:
    load_packs(folder, cache=tmp_path)
    (path,) = tmp_path.glob("terms-*.json")
    assert len(json.loads(path.read_bytes().partition(b"\n")[2])) == 6


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("scheme: [", "not YAML"),
        ("scheme: x\nconcepts:\n- {id: a, prefLabel: {zh: 甲}}\n", "no preferred label in en"),
        ("scheme: x\nconcepts:\n- {id: a, prefLabel: {zh: 甲乙, en: no}}\n", "quotation marks"),
        (
            "scheme: x\nconcepts:\n- {id: a, prefLabel: {zh: 甲乙, en: ab}, broader: [b]}\n",
            "broader b of a does not exist",
        ),
        ("just words", "no mapping"),
    ],
)
def test_a_wrong_pack_is_refused_with_its_place(tmp_path: Path, written: str, reason: str) -> None:
    (tmp_path / "x.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(InvalidInput, match=reason):
        load_packs(tmp_path)


def test_a_folder_without_packs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no term pack"):
        load_packs(tmp_path)


def test_every_label_of_the_real_packs_is_cited_letter_by_letter(tmp_path: Path) -> None:
    terms = load_packs(cache=tmp_path)
    assert len(terms.labels()) == len(set(terms.labels()))
    for concept in terms.concepts():
        for language in LANGUAGES:
            evidence = terms.term_evidence(concept, language)
            assert evidence.quote == concept.pref.get(language)
    assert evidence.file.startswith("knowledge_graph/packs/")
