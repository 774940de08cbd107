"""OpenAPI is complete: every operation is described, secured and shown by valid examples."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from api.schemas import examples, models, provenance

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def operations(app: FastAPI) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1")
        for method, operation in methods.items()
        if method in METHODS
    }


def succeeded(operation: dict[str, Any]) -> dict[str, Any]:
    (answer,) = [a for status, a in operation["responses"].items() if status.startswith("2")]
    content: dict[str, Any] = answer["content"]["application/json"]
    return content


def test_every_operation_has_an_example_answer(operations: dict[str, dict[str, Any]]) -> None:
    for name, operation in operations.items():
        assert succeeded(operation).get("example") is not None, name
        assert succeeded(operation)["schema"], name


def test_every_operation_is_summed_up_tagged_and_secured(
    operations: dict[str, dict[str, Any]],
) -> None:
    for name, operation in operations.items():
        assert operation["summary"], name
        assert operation["tags"], name
        assert operation["security"] == [{"HTTPBearer": []}], name


def test_every_operation_names_its_problems_in_the_problem_media_type(
    operations: dict[str, dict[str, Any]],
) -> None:
    for name, operation in operations.items():
        for status in ("401", "403", "404", "422", "503"):
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], (name, status)
            models.ProblemModel.model_validate(content["application/problem+json"]["example"])


def test_json_bodies_and_path_parameters_have_examples(
    app: FastAPI, operations: dict[str, dict[str, Any]]
) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["VerdictRequest"]["examples"]
    assert schemas["UtteranceRequest"]["examples"]
    for name, operation in operations.items():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["schema"]["examples"], (name, parameter["name"])


@pytest.mark.parametrize(
    ("example", "model"),
    [
        ([examples.DEAL_SUMMARY], list[models.DealSummaryModel]),
        (examples.DEAL, models.DealModel),
        (examples.ANSWER, models.AnswerModel),
        (examples.DEVIATIONS, models.DeviationsModel),
        (examples.SOURCE, models.SourceModel),
        (examples.EXCERPT, models.ExcerptModel),
        (examples.TERM, models.TermModel),
        (examples.VERDICT, models.VerdictModel),
        (examples.REVIEWED, models.ReviewedModel),
        (examples.HITS, models.HitsModel),
        ([examples.LABELLED], list[models.LabelledModel]),
        (examples.INGEST, models.IngestModel),
        (examples.CALLER, models.CallerModel),
        (examples.TAXONOMY, models.TaxonomyModel),
        (provenance.EXAMPLE, provenance.ProvenanceModel),
    ],
)
def test_an_example_fits_its_model_and_leaves_nothing_out(example: Any, model: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    read = adapter.validate_python(example)
    assert adapter.dump_python(read, mode="json") == example


def test_an_examples_quotes_are_the_words_at_their_spans() -> None:
    start, end = examples.SOURCE["utterances"][0]["span"]
    assert examples.SOURCE["text"][start:end] == examples.EVIDENCE["quote"]
    for evidence in (examples.EVIDENCE, examples.CRM_EVIDENCE):
        start, end = evidence["span"]
        assert end - start == len(evidence["quote"])
