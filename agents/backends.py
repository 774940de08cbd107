"""The one place that chooses implementations; heavy libraries load in the chosen branch only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agents.coach.playbook import Playbook, load_playbook
from core.clock import SystemClock
from core.database import Database, restrict_to_owner
from core.errors import InvalidInput
from core.ports import (
    Clock,
    Embedder,
    IntentRecogniser,
    LanguageModel,
    Transcriber,
    VectorStore,
)
from core.settings import Settings
from knowledge_graph.link import Linker
from knowledge_graph.terms import Terms, load_packs
from retrieval.meaning import EmbeddedRelatedness
from retrieval.search import Search
from retrieval.tokenize import Tokenizer


@dataclass
class Backends:
    """Everything a workflow needs, each part built when it is first asked for."""

    settings: Settings
    database: Database
    clock: Clock

    @cached_property
    def terms(self) -> Terms:
        return load_packs(cache=self.settings.home / "cache")

    @cached_property
    def linker(self) -> Linker:
        return Linker(self.terms)

    @cached_property
    def embedder(self) -> Embedder:
        return choose_embedder(self.settings)

    @cached_property
    def relatedness(self) -> EmbeddedRelatedness:
        """Compares a claim with quotes in the other language.

        Always by the embedded encoder: it knows both languages, and the threshold is its own.
        """
        if self.settings.embedder == "use":
            return EmbeddedRelatedness(self.embedder)
        return EmbeddedRelatedness.of_package()

    @cached_property
    def tokenizer(self) -> Tokenizer:
        return Tokenizer(self.terms.labels())

    @cached_property
    def search(self) -> Search:
        return Search(
            self.database,
            embedder=self.embedder,
            tokenizer=self.tokenizer,
            expand=self.terms.expand,
            new_vector_store=self._pgvector if self.settings.vector_store == "pgvector" else None,
            snapshots=self.settings.home / "indexes",
        )

    def _pgvector(self, tenant_id: str, scope: str) -> VectorStore:
        from retrieval.vector_stores.pgvector.store import PgVectors

        return PgVectors(
            self.database,
            tenant_id=tenant_id,
            scope=scope,
            embedder=self.embedder.name,
            n_dimensions=self.embedder.n_dimensions,
            keeps=True,
        )

    @cached_property
    def recogniser(self) -> IntentRecogniser:
        return choose_recogniser(self.settings, self.language_model)

    @cached_property
    def playbook(self) -> Playbook:
        return load_playbook()

    @cached_property
    def language_model(self) -> LanguageModel | None:
        return choose_language_model(self.settings)

    @cached_property
    def transcriber(self) -> Transcriber | None:
        return choose_transcriber(self.settings)


def open_backends(settings: Settings, *, clock: Clock | None = None) -> Backends:
    """Opens and migrates the database; everything else waits until it is needed."""
    restrict_to_owner(settings.home)
    database = Database(settings.resolved_database_url)
    database.migrate()
    return Backends(settings=settings, database=database, clock=clock or SystemClock())


def choose_embedder(settings: Settings) -> Embedder:
    kind, _, name = settings.embedder.partition(":")
    match kind:
        case "use":
            from retrieval.embedders.use import UniversalSentenceEncoder

            return UniversalSentenceEncoder()
        case "sentence-transformers" if name:
            from retrieval.embedders.sentence_transformers import SentenceTransformerEmbedder

            return SentenceTransformerEmbedder(name)
        case "openai" if name and settings.embedder_base_url:
            from retrieval.embedders.openai_compatible import OpenAiCompatibleEmbedder

            return OpenAiCompatibleEmbedder(
                base_url=settings.embedder_base_url,
                model=name,
                api_key=settings.embedder_api_key.get_secret_value(),
            )
        case _:
            raise InvalidInput(
                f"JUNSHI_EMBEDDER={settings.embedder!r} names no known embedder.",
                remedy=(
                    "Use 'use', 'sentence-transformers:<model name or path>', or 'openai:<model>' "
                    "with JUNSHI_EMBEDDER_BASE_URL."
                ),
            )


def choose_recogniser(settings: Settings, model: LanguageModel | None) -> IntentRecogniser:
    kind, _, file = settings.intents.partition(":")
    match kind:
        case "embedded":
            from agents.intent.recogniser import Recogniser

            if file:
                return Recogniser.load(Path(file), embedder=choose_embedder(settings))
            return Recogniser.load()
        case "model" if model is not None and not file:
            from agents.intent.language_model import LanguageModelRecogniser

            return LanguageModelRecogniser(model)
        case _:
            raise InvalidInput(
                f"JUNSHI_INTENTS={settings.intents!r} names no recogniser that can be built.",
                remedy=(
                    "Use 'embedded', 'embedded:<model file>' (with the JUNSHI_EMBEDDER it was "
                    "trained on), or 'model' with JUNSHI_LLM_BASE_URL."
                ),
            )


def choose_language_model(settings: Settings) -> LanguageModel | None:
    """None without an endpoint: the deterministic path needs no language model."""
    if not settings.llm_base_url:
        return None
    from core.llm.openai_compatible import OpenAiCompatible

    return OpenAiCompatible(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        model=settings.llm_model,
        timeout_s=settings.llm_timeout_s,
    )


def choose_transcriber(settings: Settings) -> Transcriber | None:
    kind, _, name = settings.transcriber.partition(":")
    match kind:
        case "none":
            return None
        case "openai-whisper" if name:
            from transcripts.transcribers.openai_whisper import OpenAiWhisper

            return OpenAiWhisper(name)
        case "faster-whisper" if name:
            from transcripts.transcribers.faster_whisper import FasterWhisper

            return FasterWhisper(name)
        case _:
            raise InvalidInput(
                f"JUNSHI_TRANSCRIBER={settings.transcriber!r} names no known transcriber.",
                remedy="Use 'none', 'openai-whisper:<model>' or 'faster-whisper:<model>'.",
            )
