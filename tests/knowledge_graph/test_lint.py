from pathlib import Path

import pytest

from knowledge_graph.lint import MINIMUMS, Minimum, lint, main

GOOD = """\
scheme: trade
concepts:
- {id: goods, prefLabel: {zh: 货物, en: trade goods}}
- {id: sample, prefLabel: {zh: 样品, en: sample piece}, altLabel: {zh: [小样]}, broader: [goods]}
"""


def messages(folder: Path, **files: str) -> list[str]:
    for name, written in files.items():
        (folder / f"{name}.yaml").write_text(written, encoding="utf-8")
    return [problem.message for problem in lint(folder, minimums={})]


def test_the_real_packs_keep_every_rule() -> None:
    assert [str(problem) for problem in lint()] == []


def test_the_promised_coverage_is_checked() -> None:
    assert MINIMUMS["manufacturing"] == Minimum(n_concepts=1200, n_classes=32)
    assert {"saas", "retail", "education", "medical", "sales"} < set(MINIMUMS)


def test_a_good_pack_has_no_problem(tmp_path: Path) -> None:
    assert messages(tmp_path, trade=GOOD) == []


def test_a_label_of_two_concepts_is_named(tmp_path: Path) -> None:
    bad = GOOD + "- {id: swatch, prefLabel: {zh: 小样, en: Sample Piece}, broader: [goods]}\n"
    assert messages(tmp_path, trade=bad) == [
        "label 'sample piece' of swatch is also one of sample",
        "label '小样' of swatch is also one of sample",
    ]


def test_a_label_may_serve_both_languages_of_one_concept_but_not_stand_twice(
    tmp_path: Path,
) -> None:
    both = GOOD.replace("{zh: [小样]}", "{zh: [ERP], en: [ERP]}")
    assert messages(tmp_path, trade=both) == []
    twice = GOOD.replace("{zh: [小样]}", "{zh: [样品]}")
    assert messages(tmp_path, trade=twice) == ["label '样品' of sample stands twice in zh"]


def test_a_circle_of_broader_terms_is_found(tmp_path: Path) -> None:
    bad = GOOD.replace("en: trade goods}", "en: trade goods}, broader: [sample]")
    assert messages(tmp_path, trade=bad) == [
        "broader of goods runs in a circle",
        "broader of sample runs in a circle",
    ]


def test_ids_are_kebab_case_unique_and_exist(tmp_path: Path) -> None:
    bad = (
        GOOD
        + "- {id: Sample_2, prefLabel: {zh: 甲样, en: a bit}, broader: [goods], related: [gone]}\n"
        + "- {id: sample, prefLabel: {zh: 乙样, en: b sample}, broader: [goods]}\n"
    )
    found = messages(tmp_path, trade=bad)
    assert any("'Sample_2' is not kebab-case" in m for m in found)
    assert any("related gone of Sample_2 does not exist" in m for m in found)
    assert any("id sample is taken by" in m for m in found)


def test_one_preferred_label_a_language(tmp_path: Path) -> None:
    bad = GOOD.replace("{zh: 货物, en: trade goods}", "{zh: 货物, zh: 商品, fr: biens, en: ' '}")
    found = messages(tmp_path, trade=bad)
    assert any("has zh twice" in m for m in found)
    assert any("unknown key 'fr'" in m for m in found)
    assert any("is empty" in m for m in found)
    assert any("goods has no preferred label in en" in m for m in found)


def test_a_flat_pack_is_named(tmp_path: Path) -> None:
    flat = GOOD.replace(", broader: [goods]", "")
    assert messages(tmp_path, trade=flat) == [
        "only 0 of 2 concepts of trade have a broader concept"
    ]


def test_the_scheme_fits_its_place(tmp_path: Path) -> None:
    found = messages(tmp_path, other=GOOD)
    assert found == ["scheme trade does not fit the file's name"]


def test_a_file_of_a_scheme_folder_needs_a_class(tmp_path: Path) -> None:
    (tmp_path / "trade").mkdir()
    (tmp_path / "trade" / "c1.yaml").write_text(GOOD, encoding="utf-8")
    assert [p.message for p in lint(tmp_path, minimums={})] == ["the file has no class"]


def test_small_and_missing_packs_are_named(tmp_path: Path) -> None:
    (tmp_path / "trade.yaml").write_text(GOOD, encoding="utf-8")
    minimums = {"trade": Minimum(3, n_classes=1), "gone": Minimum(1)}
    assert [p.message for p in lint(tmp_path, minimums=minimums)] == [
        "gone has 0 concepts, fewer than 1",
        "trade has 0 classes, fewer than 1",
        "trade has 2 concepts, fewer than 3",
    ]


def test_a_file_that_is_no_yaml_is_a_problem_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "trade.yaml").write_text("scheme: trade\nconcepts: [\n", encoding="utf-8")
    (problem,) = lint(tmp_path, minimums={})
    assert problem.line > 0
    assert "not YAML" in problem.message


def test_the_command_prints_problems_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.yaml").write_text(GOOD, encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "other.yaml:1: scheme trade does not fit" in capsys.readouterr().out
