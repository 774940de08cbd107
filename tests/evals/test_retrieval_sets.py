"""The labelled sets: whole, fixed, fairly split, and without the answer in the passage."""

from pathlib import Path

import pytest

from core.errors import NotFound
from core.settings import Settings
from evals.retrieval_sets import LONGEST_WINDOW, MOST_QUERIES, SETS, RetrievalSet

pytestmark = pytest.mark.skipif(
    not (Settings().shared / "data" / "knowledge").is_dir(), reason="no public data here"
)


@pytest.fixture(scope="module", params=sorted(SETS))
def labelled(request: pytest.FixtureRequest) -> RetrievalSet:
    return SETS[request.param](Settings().shared)


def test_every_query_has_a_relevant_passage_and_a_split(labelled):
    assert 0 < len(labelled.queries) <= MOST_QUERIES
    assert labelled.queries.keys() == labelled.relevant.keys() == labelled.split.keys()
    for gains in labelled.relevant.values():
        assert gains
        assert gains.keys() <= labelled.passages.keys()


def test_passages_are_distinct_and_not_empty(labelled):
    texts = [text for _, text in labelled.passages.values()]
    assert len(set(texts)) == len(texts)
    assert all(text.strip() for text in texts)


def test_a_third_of_the_queries_is_for_tuning(labelled):
    share = len(labelled.queries_of("dev")) / len(labelled.queries)
    assert 0.25 < share < 0.42
    assert len(labelled.queries_of("dev")) + len(labelled.queries_of("test")) == len(
        labelled.queries
    )


def test_reading_again_gives_the_same_set(labelled):
    assert SETS[labelled.name](Settings().shared) == labelled


@pytest.mark.parametrize("name", ["docs_zh", "docs_en"])
def test_a_section_does_not_open_with_the_heading_that_asks_for_it(name):
    labelled = SETS[name](Settings().shared)
    for id, heading in labelled.queries.items():
        for passage in labelled.relevant[id]:
            title, text = labelled.passages[passage]
            assert not title
            assert text.splitlines()[0].casefold() != heading.casefold()


def test_a_meeting_stays_in_one_split_and_its_windows_are_short():
    labelled = SETS["qmsum"](Settings().shared)
    by_meeting: dict[str, set[str]] = {}
    for id, split in labelled.split.items():
        by_meeting.setdefault(id.rsplit("-", 1)[0], set()).add(split)
    assert all(len(splits) == 1 for splits in by_meeting.values())
    lengths = sorted(len(text) for _, text in labelled.passages.values())
    assert lengths[int(0.99 * len(lengths))] <= LONGEST_WINDOW


def test_a_heading_is_asked_in_one_language_and_found_in_the_other():
    labelled = SETS["headings_zh_en"](Settings().shared)
    id = next(id for id, text in labelled.queries.items() if "订单" in text)
    assert any("order" in labelled.passages[at][1] for at in labelled.relevant[id])


def test_missing_data_is_named(tmp_path: Path):
    with pytest.raises(NotFound, match="JUNSHI_SHARED"):
        SETS["cmrc"](tmp_path)
