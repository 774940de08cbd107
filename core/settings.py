"""The only place that reads the environment. Every setting is `JUNSHI_<NAME>`."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Defaults run offline on one machine: SQLite, FAISS, the embedded models, no key."""

    model_config = SettingsConfigDict(env_prefix="JUNSHI_", env_file=".env", extra="ignore")

    home: Path = Field(default=Path(".junshi"), description="Where all state lives")
    database_url: str = Field(default="", description="Empty: SQLite under home")
    tenant: str = Field(default="demo", description="The tenant of the command line and the demo")
    shared: Path = Field(default=Path("../shared"), description="Public data for tests and evals")

    embedder: str = Field(
        default="use",
        description="use | sentence-transformers:<name or path> | openai:<model>",
    )
    embedder_base_url: str = Field(
        default="", description="An OpenAI-compatible endpoint for embedder openai:<model>"
    )
    embedder_api_key: SecretStr = SecretStr("")
    vector_store: Literal["faiss", "pgvector"] = Field(
        default="faiss", description="faiss (in memory) | pgvector (needs PostgreSQL)"
    )
    transcriber: str = Field(
        default="none", description="none | openai-whisper:<name or path> | faster-whisper:<…>"
    )
    llm_base_url: str = Field(default="", description="An OpenAI-compatible endpoint; empty: none")
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_timeout_s: float = 8.0

    host: str = "127.0.0.1"
    port: int = 8000
    frame_ancestors: str = Field(default="'self'", description="Who may frame the sidebar (CSP)")
    otlp_endpoint: str = Field(
        default="", description="Base URL of an OTLP/HTTP collector; empty: no traces"
    )
    log_level: str = "INFO"

    email_parse_deadline_s: float = 1.0
    max_file_mib: int = 64
    intents: str = Field(
        default="embedded", description="embedded | embedded:<model file> | model (the llm_… one)"
    )
    signing_key: Path | None = Field(
        default=None, description="32 random bytes in base64; `make train` signs with it"
    )
    intent_floor: float = Field(default=0.3, description="Lowest p that is kept as a signal")
    max_suggestions: int = Field(default=5, ge=1, le=5)

    deviation_delay_h: float = Field(
        default=24.0, ge=0, description="From a demo, trial or proposal touchpoint to its check"
    )
    deviation_max_age_days: float = Field(
        default=30.0, gt=0, description="A touchpoint older than this when ingested is not checked"
    )
    work_poll_s: float = Field(default=30.0, gt=0, description="How often a worker looks for work")
    work_in_server: bool = Field(
        default=True, description="serve and demo also do what `junshi work` does"
    )

    @cached_property
    def resolved_database_url(self) -> str:
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.home / 'junshi.db').resolve()}"


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment with which a child process opens the same state."""
    return {
        **os.environ,
        "JUNSHI_HOME": str(settings.home),
        "JUNSHI_DATABASE_URL": settings.database_url,
        "JUNSHI_TENANT": settings.tenant,
    }
