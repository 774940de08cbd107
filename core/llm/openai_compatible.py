"""Any OpenAI-compatible endpoint as a LanguageModel, asked for JSON that fits a schema.

The answer is validated here, whatever the endpoint promised about structured output.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import jsonschema
import openai

from core.errors import BackendFailed, ModelOutputInvalid


class OpenAiCompatible:
    def __init__(self, *, base_url: str, api_key: str, model: str, timeout_s: float) -> None:
        self.name = model or "default"
        self._client = openai.OpenAI(
            base_url=base_url, api_key=api_key or "none", timeout=timeout_s, max_retries=0
        )

    def complete(self, *, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """An object that satisfies `schema`. Raises BackendFailed, ModelOutputInvalid."""
        response_format = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": dict(schema), "strict": True},
        }
        try:
            response = self._client.chat.completions.create(
                model=self.name,
                messages=[
                    {"role": "system", "content": system},
                    {"role": "user", "content": user},
                ],
                response_format=cast(Any, response_format),
                temperature=0.0,
            )
        except openai.OpenAIError as error:
            raise BackendFailed(
                f"The language model {self.name!r} did not answer ({type(error).__name__}).",
                remedy="Check JUNSHI_LLM_BASE_URL, JUNSHI_LLM_MODEL and JUNSHI_LLM_API_KEY.",
            ) from error
        return parse_answer(response.choices[0].message.content or "", schema)


def parse_answer(content: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object in `content`. Raises ModelOutputInvalid without repeating what was said."""
    try:
        answer = json.loads(content)
        jsonschema.validate(answer, dict(schema))
    except (json.JSONDecodeError, jsonschema.ValidationError) as error:
        raise ModelOutputInvalid(
            f"The language model answered outside its schema ({type(error).__name__}).",
            remedy="The playbook's own wording stands.",
        ) from error
    return cast("dict[str, Any]", answer)
