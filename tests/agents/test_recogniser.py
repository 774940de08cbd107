"""The recogniser: its file, its rules about who speaks, the order of its scores, and passages."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from agents.intent.artefact import MODEL_FILE, hash_file, pack, read_model, unpack, write_model
from agents.intent.cues import cue_names, cues
from agents.intent.features import grams, sentence_spans, surface
from agents.intent.observe import SentenceIntent, signals_for
from agents.intent.recogniser import REPORT_FROM, Recogniser, Said, gram_logits
from core.domain import Channel, IntentId, IntentScore, Passage, Recognition, Role
from core.errors import BackendFailed
from core.ports import Embedder
from evals.intent_data import gram_matrix

TEXTS = [
    "三号线上个月停机七次,班长天天骂。",
    "Our board approved 80k for this in the 2026 budget.",
    "Could you give us two reference customers we can call?",
    "好的,谢谢,周四见。",
]
CUSTOMER = [Role.CUSTOMER] * len(TEXTS)
MEETING = [Channel.MEETING] * len(TEXTS)


@pytest.fixture(scope="module")
def recogniser(encoder: Embedder) -> Recogniser:
    return Recogniser.load(embedder=encoder)


def _passage(text: str, **fields) -> Passage:
    known = {"channel": Channel.EMAIL, "role": Role.CUSTOMER, "start": 100} | fields
    return Passage(text=text, end=known["start"] + len(text), **known)


def _said(encoder: Embedder) -> Said:
    vectors = encoder.encode(TEXTS)
    return Said(TEXTS, vectors, [""] * len(TEXTS), np.zeros_like(vectors))


def test_plain_words_are_recognised_in_both_languages(recogniser: Recogniser):
    found = recogniser.recognise(TEXTS, roles=CUSTOMER, channels=MEETING)
    assert [one.scores[0].id for one in found[:3]] == [
        "need.pain",
        "money.budget_ready",
        "risk.proof_request",
    ]
    assert all(score.p < 0.5 for score in found[3].scores)


def test_scores_fall_and_end_at_the_reporting_floor(recogniser: Recogniser):
    for one in recogniser.recognise(TEXTS, roles=CUSTOMER, channels=MEETING):
        p = [score.p for score in one.scores]
        assert p == sorted(p, reverse=True)
        assert all(REPORT_FROM <= value <= 1 for value in p)


def test_what_the_rep_said_before_turns_the_meaning(recogniser: Recogniser):
    asked = ["那我把合同寄给您盖章?", "您是觉得太贵了吗?"]
    answers = ["行,寄吧。", "行,寄吧。"]
    found = recogniser.recognise(answers, roles=CUSTOMER[:2], channels=MEETING[:2], before=asked)
    p = [{s.id: s.p for s in one.scores}.get("decision.commitment", 0.0) for one in found]
    assert p[0] > p[1]


def test_reported_words_and_moods_are_told_apart(recogniser: Recogniser):
    texts = [
        "我们老板说这个价格他不可能批。",
        "这个价格我们接受不了。",
        "The new dashboard is wonderful, my team loves it!",
        "Third outage this month and nobody calls back. I'm fed up.",
    ]
    found = recogniser.recognise(texts, roles=CUSTOMER, channels=MEETING)
    assert found[0].reported > 0.5 > found[1].reported
    assert found[2].positive > 0.5 > found[2].negative
    assert found[3].negative > 0.5 > found[3].positive
    (rep,) = recogniser.recognise(texts[:1], roles=[Role.REP], channels=MEETING[:1])
    assert rep.reported is None
    assert rep.negative is None


def test_only_the_customers_words_carry_intents(recogniser: Recogniser):
    roles = [Role.REP, Role.UNKNOWN, Role.CUSTOMER, Role.REP]
    found = recogniser.recognise(TEXTS, roles=roles, channels=MEETING)
    assert [bool(one.scores) for one in found] == [False, False, True, False]


def test_blank_texts_and_no_texts_carry_nothing(recogniser: Recogniser):
    assert recogniser.recognise([], roles=[], channels=[]) == []
    (blank,) = recogniser.recognise(["  "], roles=CUSTOMER[:1], channels=MEETING[:1])
    assert blank == Recognition(())


def test_hostile_texts_are_recognised_like_any_other(recogniser: Recogniser):
    texts = ["\x00", "🙂" * 500, "价" * 5000, "a\u200bb" * 300]
    found = recogniser.recognise(texts, roles=CUSTOMER, channels=MEETING)
    assert len(found) == len(texts)


def test_vectors_that_are_at_hand_give_the_same_answer(recogniser: Recogniser, encoder: Embedder):
    mine = recogniser.recognise_vectors(
        _said(encoder), embedder=encoder.name, roles=CUSTOMER, channels=MEETING
    )
    assert mine == recogniser.recognise(TEXTS, roles=CUSTOMER, channels=MEETING)


def test_vectors_of_another_embedder_are_refused(recogniser: Recogniser, encoder: Embedder):
    with pytest.raises(BackendFailed, match="reads vectors of"):
        recogniser.recognise_vectors(
            _said(encoder), embedder="other", roles=CUSTOMER, channels=MEETING
        )


def test_lists_of_different_length_are_a_programming_mistake(recogniser: Recogniser):
    with pytest.raises(ValueError, match="4 texts with"):
        recogniser.recognise(TEXTS, roles=CUSTOMER[:1], channels=MEETING)


def test_the_version_names_the_model_and_its_hash(recogniser: Recogniser):
    name, _, prefix = recogniser.version.partition("@")
    assert name == json.loads(MODEL_FILE.read_text(encoding="utf-8"))["id"]
    assert hash_file(MODEL_FILE).read_text(encoding="ascii").startswith(prefix)


def _copy(tmp_path: Path) -> Path:
    for file in MODEL_FILE.parent.glob(f"{MODEL_FILE.name}*"):
        shutil.copy(file, tmp_path)
    return tmp_path / MODEL_FILE.name


def test_a_flipped_bit_is_noticed(tmp_path: Path):
    file = _copy(tmp_path)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises(BackendFailed, match="damaged"):
        Recogniser.load(file)


def test_a_model_signed_by_nobody_known_is_refused(tmp_path: Path):
    file = _copy(tmp_path)
    content = json.loads(file.read_text(encoding="utf-8"))
    signature = file.with_name(f"{file.name}.sig")
    known = signature.read_text(encoding="ascii")
    write_model(file, content | {"scope_floor": 0.0})
    signature.write_text(known, encoding="ascii")
    with pytest.raises(BackendFailed, match="signature"):
        Recogniser.load(file)


def test_a_missing_hash_and_another_format_are_refused(tmp_path: Path):
    file = _copy(tmp_path)
    hash_file(file).unlink()
    with pytest.raises(BackendFailed, match="cannot be read"):
        Recogniser.load(file)
    content = json.loads(MODEL_FILE.read_text(encoding="utf-8"))
    for broken in ({"format": 99}, {"cues": 7}, {"networks": []}, {"idf": pack([1.0])}):
        write_model(file, content | broken)
        with pytest.raises(BackendFailed, match="another format"):
            Recogniser.load(file)


def test_a_model_of_other_cues_is_refused():
    with pytest.raises(BackendFailed, match="other cues"):
        Recogniser(replace(read_model(), cues=("asked",)))


def test_arrays_survive_packing():
    array = np.array([[0.5, -2.0], [0.0, 8.25]], dtype=np.float32)
    np.testing.assert_array_equal(unpack(pack(array)), array)
    with pytest.raises(ValueError, match="not finite"):
        unpack(pack([np.inf], "float32"))


def test_training_and_recognition_weigh_n_grams_alike(recogniser: Recogniser):
    model = read_model()
    surfaces = [surface(text) for text in [*TEXTS, "", "???"]]
    matrix = gram_matrix(surfaces, list(model.vocabulary), model.idf)
    assert isinstance(matrix, csr_matrix)
    np.testing.assert_allclose(gram_logits(model, surfaces), matrix @ model.gram_weights, atol=1e-4)


def test_n_grams_stay_inside_runs_of_one_script():
    assert grams("贵 3.5 net") == ["贵", "#", "net", "# net"]
    assert grams("太贵") == ["太", "贵", "太贵"]


def test_cues_hear_words_not_parts_of_words():
    named = dict(zip(cue_names(), cues(surface("If the price falls?")).tolist(), strict=True))
    assert named["supposed"] == named["question_mark"] == named["price"] == 1.0
    assert named["zh"] == named["committed"] == 0.0
    assert cues("a priceless gift")[cue_names().index("price")] == 1.0
    assert cues("motif")[cue_names().index("supposed")] == 0.0


def test_mails_are_cut_into_sentences_and_short_turns_are_not():
    text = " 价格太高。下周再说。"
    assert sentence_spans(_passage(text)) == [(1, 6), (6, 11)]
    assert sentence_spans(_passage(text, channel=Channel.MEETING)) == [(1, 11)]
    long = text * 30
    assert len(sentence_spans(_passage(long, channel=Channel.MEETING))) == 60
    assert sentence_spans(_passage("  ", channel=Channel.MEETING)) == []


def test_signals_point_at_their_sentence_in_the_source(recogniser: Recogniser, encoder: Embedder):
    passages = [
        _passage("Thanks for the call. Our board approved 80k for this in the 2026 budget."),
        _passage(TEXTS[2], channel=Channel.MEETING, start=500),
        _passage(TEXTS[2], role=Role.REP),
        _passage(TEXTS[2], carries_intent=False),
    ]
    vectors = encoder.encode([p.text for p in passages])
    found = signals_for(passages, vectors, recogniser=recogniser, embedder=encoder, floor=0.3)
    assert {one.index for one in found} == {0, 1}
    ready = next(one for one in found if one.intent == "money.budget_ready")
    assert (ready.start, ready.end) == (121, 100 + len(passages[0].text))
    proof = next(one for one in found if one.intent == "risk.proof_request")
    assert (proof.start, proof.end) == (500, 500 + len(TEXTS[2]))


class _OtherRecogniser:
    version = "other@1"

    def recognise(self, texts, *, roles, channels, before=None):
        return [
            Recognition((IntentScore(IntentId("need.pain"), len(text) / 100),)) for text in texts
        ]


def test_any_recogniser_can_be_observed_with_any_embedder(encoder: Embedder):
    passages = [_passage("x" * 60), _passage("y" * 20)]
    found = signals_for(
        passages,
        np.zeros((2, 3), dtype=np.float32),
        recogniser=_OtherRecogniser(),
        embedder=encoder,
        floor=0.5,
    )
    assert found == [SentenceIntent(0, IntentId("need.pain"), 0.6, 100, 160)]


def test_a_signal_keeps_whether_its_words_were_passed_on_and_the_mood(
    recogniser: Recogniser, encoder: Embedder
):
    passages = [_passage("Our director told me: the budget for next year is approved.")]
    vectors = encoder.encode([p.text for p in passages])
    found = signals_for(passages, vectors, recogniser=recogniser, embedder=encoder, floor=0.3)
    (read,) = recogniser.recognise(
        [passages[0].text], roles=[Role.CUSTOMER], channels=[Channel.EMAIL]
    )
    assert found
    for one in found:
        assert one.reported == pytest.approx(read.reported, abs=1e-4)
        assert one.mood == pytest.approx(read.positive - read.negative, abs=1e-4)
