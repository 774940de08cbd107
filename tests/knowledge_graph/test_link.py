from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_graph.labels import LabelIndex, _words, fold, longest
from knowledge_graph.link import Linker, TermMention
from knowledge_graph.terms import Terms, load_packs

PACKS = {
    "factory": """\
scheme: factory
concepts:
- {id: transmitter, prefLabel: {zh: 压力变送器, en: pressure transmitter}, altLabel: {zh: [压变]}}
- {id: controller, prefLabel: {zh: 控制器, en: controller}}
- id: plc
  prefLabel: {zh: 可编程控制器, en: programmable logic controller}
  altLabel: {en: [PLC]}
  broader: [controller]
- {id: mto, prefLabel: {zh: 按单生产, en: make-to-order}}
- {id: battery, prefLabel: {zh: 电池, en: battery}}
- {id: switch, prefLabel: {zh: 开关, en: limit switch}}
- {id: erp, prefLabel: {zh: ERP系统, en: ERP}}
- {id: offer, prefLabel: {zh: 报价, en: offer}}
- {id: letter, prefLabel: {zh: 锌, en: zinc}}
""",
    "clinic": """\
scheme: clinic
concepts:
- {id: his, prefLabel: {zh: 医院信息系统, en: hospital information system}, altLabel: {en: [HIS]}}
- {id: erp, prefLabel: {zh: 资源计划, en: ERP}}
""",
    "sales": """\
scheme: sales
concepts:
- {id: quotation, prefLabel: {zh: 报价, en: quotation}}
- {id: pilot, prefLabel: {zh: 试点, en: pilot}}
""",
}


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Terms:
    folder: Path = tmp_path_factory.mktemp("packs")
    for scheme, written in PACKS.items():
        (folder / f"{scheme}.yaml").write_text(written, encoding="utf-8")
    return load_packs(folder)


@pytest.fixture(scope="module")
def linker(terms: Terms) -> Linker:
    return Linker(terms)


def said(linker: Linker, text: str, **options: object) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.concept_id) for m in linker.link(text, **options)]  # type: ignore[arg-type]


def test_the_longest_label_wins(linker: Linker) -> None:
    assert said(linker, "要换可编程控制器") == [("可编程控制器", "factory:plc")]


def test_a_mention_carries_the_label_as_the_pack_spells_it(linker: Linker) -> None:
    assert linker.link("two plc units") == [TermMention("factory:plc", 4, 7, "PLC")]  # type: ignore[arg-type]


def test_latin_labels_stand_alone_as_words(linker: Linker) -> None:
    assert said(linker, "plc1 xplc offered") == []
    assert said(linker, "用PLC控制") == [("PLC", "factory:plc")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("three PLCs failed", "PLCs"),
        ("the limit switches", "limit switches"),
        ("new batteries", "batteries"),
        ("the PLC's manual", "PLC"),
    ],
)
def test_english_plurals_are_part_of_the_mention(linker: Linker, text: str, words: str) -> None:
    assert [quote for quote, _ in said(linker, text)] == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("we make to order here", "make to order"),
        ("a programmable\n  logic controller", "programmable\n  logic controller"),
        ("接 ERP 系统 吗", "ERP 系统"),
        ("plc", "plc"),
        ("p\u200blc", "p\u200blc"),
        ("压力变\n送器", "压力变\n送器"),
    ],
)
def test_spelling_variants_link_to_the_words_as_they_were_sent(
    linker: Linker, text: str, words: str
) -> None:
    assert [quote for quote, _ in said(linker, text)] == [words]


def test_a_short_chinese_label_does_not_cut_a_word(linker: Linker) -> None:
    assert said(linker, "电压变化很大") == []
    assert said(linker, "用压变测量") == [("压变", "factory:transmitter")]
    assert said(linker, "报价单收到", schemes={"sales"}) == [("报价", "sales:quotation")]


def test_labels_of_one_character_are_ignored(linker: Linker) -> None:
    assert said(linker, "锌") == []


def test_an_abbreviation_that_is_an_everyday_word_needs_a_capital(linker: Linker) -> None:
    assert said(linker, "his records") == []
    assert said(linker, "the HIS records") == [("HIS", "clinic:his")]


def test_schemes_limit_the_packs(linker: Linker) -> None:
    text = "PLC and pilot"
    assert said(linker, text, schemes={"sales"}) == [("pilot", "sales:pilot")]
    assert said(linker, text, schemes=()) == []


def test_a_label_of_several_packs_goes_to_the_industry_then_to_sales(linker: Linker) -> None:
    assert said(linker, "报价", schemes={"factory", "sales"}) == [("报价", "factory:offer")]
    assert said(linker, "报价") == [("报价", "sales:quotation")]
    assert said(linker, "ERP", schemes={"clinic"}) == [("ERP", "clinic:erp")]
    assert said(linker, "ERP") == [("ERP", "clinic:erp")]


PIECES = st.one_of(
    st.sampled_from("PLC ERP系统 压变 电压变化 报价单 batteries make-to-order 控制器".split()),
    st.sampled_from(" \n\t-\u200b(fiİ㎏é\u0301😀"),
    st.text(max_size=4),
)


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=150, deadline=None)
def test_mentions_lie_in_the_text_without_overlap_and_fold_to_their_label(
    terms: Terms, text: str
) -> None:
    linker = Linker(terms)
    end = 0
    for mention in linker.link(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        quote = fold(text[mention.start : mention.end]).text
        label = fold(mention.label).text
        assert quote.startswith(label[:-1])


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=150, deadline=None)
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = fold(text)
    last = 0
    for at in range(len(folded.text)):
        start, end = folded.to_original(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_segmentation_accounts_for_every_character(text: str) -> None:
    assert len(_words(text)) == len(text)


def test_overlapping_matches_are_all_found_and_the_longest_kept() -> None:
    matches = LabelIndex(["控制", "控制器", "编程控制"]).find("可编程控制器")
    assert len(matches) >= 2
    assert [(m.start, m.end) for m in longest(matches)] == [(1, 5)]
