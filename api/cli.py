"""The `junshi` command. Modules load inside each command: `--help` answers at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import CoachError

app = typer.Typer(
    name="junshi",
    help="Junshi 军师: a sales coach that ties every sentence to the customer's own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
evaluations = typer.Typer(help="Measure the product on labelled cases.", no_args_is_help=True)
app.add_typer(evaluations, name="eval")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
DealArgument = Annotated[str, typer.Argument(metavar="DEAL", help="A deal id or a deal folder.")]


def main() -> None:
    """Entry point: errors a user can act on end in one clear line and exit code 1."""
    try:
        app()
    except CoachError as error:
        _complain(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)


def _complain(error: CoachError) -> None:
    if "--json" in sys.argv:
        shape = {"code": error.code, "message": error.message, "remedy": error.remedy}
        print(json.dumps({"error": shape}, ensure_ascii=False), file=sys.stderr)
    else:
        print(f"junshi: {error}", file=sys.stderr)


def _print(shape: Any, as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        print(json.dumps(shape, ensure_ascii=False, indent=2))
    else:
        show()


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Ingest the sample deals and open the coach in the browser's reach."""
    from api.commands.serving import run_demo

    run_demo(port=port or None, as_json=as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Serve the API and the pages over what is already ingested."""
    from api.commands.serving import run_server

    run_server(host=host or None, port=port or None, demo=False, as_json=as_json)


@app.command()
def key(
    role: Annotated[str, typer.Option(help="rep, reviewer, director or admin.")] = "rep",
    rep: Annotated[str, typer.Option(help="The CRM id of the rep who will use it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create an API key; it is shown once and stored as a hash."""
    from api.commands.serving import create_key

    made = create_key(role=role, rep_id=rep or None)
    _print(made, as_json, lambda: print(made["key"]))


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Deal folders or files.")],
    as_json: AsJson = False,
) -> None:
    """Read deal folders, mails, meetings and shared texts; equal files change nothing."""
    from api.commands.ingesting import run_ingest, show_report

    report = run_ingest(paths, quiet=as_json)
    _print(report, as_json, lambda: show_report(report))
    if report["failures"] and report["n_new"] + report["n_replaced"] + report["n_unchanged"] == 0:
        sys.exit(1)


@app.command()
def suggest(
    deal: DealArgument,
    with_model: Annotated[
        bool, typer.Option(help="Let the configured language model reword.")
    ] = False,
    lang: Annotated[str, typer.Option(help="zh or en, for the text output.")] = "",
    as_json: AsJson = False,
) -> None:
    """Verified suggestions for a deal, with evidence, or why there are none."""
    from api.commands.coaching import show_answer, suggest_for

    answer = suggest_for(deal, with_model=with_model)
    _print(answer, as_json, lambda: show_answer(answer, lang))


@app.command()
def deviations(
    deal: DealArgument,
    as_json: AsJson = False,
) -> None:
    """Where the CRM record and the customer's words disagree."""
    from api.commands.coaching import deviations_of, show_deviations

    report = deviations_of(deal)
    _print(report, as_json, lambda: show_deviations(report))


@app.command()
def work(
    once: Annotated[bool, typer.Option("--once", help="One pass over what is due.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Do what is due: deviation checks after demos, trials and proposals."""
    from api.commands.working import run_work

    sys.exit(run_work(once=once, as_json=as_json))


@app.command()
def moments(
    source: Annotated[str, typer.Argument(metavar="FILE|DEAL", help="A file, deal id or folder.")],
    k: Annotated[int, typer.Option("-k", min=1, help="How many moments.")] = 10,
    as_json: AsJson = False,
) -> None:
    """The key moments of a meeting, a mail or a whole deal, best first."""
    from api.commands.moments import moments_for, show_moments

    found = moments_for(source, k=k)
    _print(found, as_json, lambda: show_moments(found))


@app.command()
def timeline(
    deal: DealArgument,
    as_json: AsJson = False,
) -> None:
    """What the customer said over time, what they took back, whether channels agree."""
    from api.commands.timeline import show_timeline, timeline_for

    history = timeline_for(deal)
    _print(history, as_json, lambda: show_timeline(history))


@app.command()
def talk(
    source: Annotated[str, typer.Argument(metavar="FILE|DEAL", help="A file, deal id or folder.")],
    as_json: AsJson = False,
) -> None:
    """How a meeting was spoken: talk shares, pace, pauses, questions; from audio pitch, energy."""
    from api.commands.talk import show_talk, talk_for

    found = talk_for(source)
    _print(found, as_json, lambda: show_talk(found))


@app.command()
def provenance(
    suggestion: Annotated[str, typer.Argument(metavar="SUGGESTION_ID")],
    format: Annotated[str, typer.Option(help="prov or annotations.")] = "prov",
    as_json: AsJson = False,
) -> None:
    """Where a suggestion comes from: PROV-JSON, or W3C Web Annotations (JSON-LD)."""
    from api.commands.provenance import provenance_of

    shape = provenance_of(suggestion, format)
    text = json.dumps(shape, ensure_ascii=False, indent=2)
    _print(shape, as_json, lambda: print(text))


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    deal: Annotated[str, typer.Option(help="Search this deal's account as well.")] = "",
    collection: Annotated[
        str, typer.Option("--in", help="Search a folder of mails or meetings ingested loosely.")
    ] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many hits.")] = 10,
    channel: Annotated[list[str] | None, typer.Option(help="Only email, meeting, …")] = None,
    role: Annotated[list[str] | None, typer.Option(help="Only customer, rep, unknown.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only zh or en.")] = None,
    since: Annotated[str, typer.Option(help="Said on this day (2026-11-24) or later.")] = "",
    until: Annotated[str, typer.Option(help="Said on this day or earlier.")] = "",
    as_json: AsJson = False,
) -> None:
    """Search one deal's account, or one loose collection, and the shared knowledge."""
    from api.commands.searching import filter_of, search_for, show_hits

    wanted = filter_of(
        channels=channel or [], roles=role or [], languages=lang or [], since=since, until=until
    )
    found = search_for(query, deal=deal, collection=collection, k=k, wanted=wanted)
    _print(found, as_json, lambda: show_hits(found))


@app.command()
def retrieve(
    passages: Annotated[Path, typer.Option(help="JSON lines {id, text, title?}; - for stdin.")],
    queries: Annotated[Path, typer.Option(help="JSON lines {id, query}.")],
    out: Annotated[Path, typer.Option(help="JSON lines to write; - for stdout.")] = Path("-"),
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many hits a query.")] = 20,
    lexical_only: Annotated[bool, typer.Option(help="Keywords without vectors.")] = False,
    dense_only: Annotated[bool, typer.Option(help="Vectors without keywords.")] = False,
    as_json: AsJson = False,
) -> None:
    """Index any corpus and answer queries: {id, hits: [{passage, score, found_by}]} a line."""
    from api.commands.retrieving import arms_of, retrieve_file

    arms = arms_of(lexical_only=lexical_only, dense_only=dense_only)
    counts = retrieve_file(passages, queries, out, k=k, arms=arms, quiet=as_json)
    if str(out) != "-":
        shown = f"{counts['n_queries']} queries over {counts['n_passages']} passages → {out}"
        _print(counts, as_json, lambda: print(shown))


@app.command()
def intents(
    source: Annotated[Path, typer.Option("--input", help="JSON lines to read; - for stdin.")],
    out: Annotated[Path, typer.Option(help="JSON lines to write; - for stdout.")] = Path("-"),
    as_json: AsJson = False,
) -> None:
    """Label utterances: {id, text, lang?, speaker, channel} → {id, labels: [{id, p}], unsure}."""
    from api.commands.labelling import label_file

    counts = label_file(source, out)
    if str(out) != "-":
        _print(counts, as_json, lambda: print(f"{counts['n']} utterances → {out}"))


@app.command()
def verify(
    source: Annotated[Path, typer.Option("--input", help="JSON lines to read; - for stdin.")],
    out: Annotated[Path, typer.Option(help="JSON lines to write; - for stdout.")] = Path("-"),
    as_json: AsJson = False,
) -> None:
    """Check claims: {id, claim, evidence: [{text, date?, speaker?, role?}]} → {id, supported}."""
    from api.commands.verifying import verify_file

    counts = verify_file(source, out)
    if str(out) != "-":
        shown = f"{counts['n_supported']} of {counts['n']} claims supported → {out}"
        _print(counts, as_json, lambda: print(shown))


@evaluations.command("run")
def evaluate(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="See `junshi eval list`.")],
    as_json: AsJson = False,
) -> None:
    """Run evaluations and print their figures."""
    from evals.runner import run, show

    for name in names:
        figures = run(name)
        _print(figures, as_json, lambda at=figures: show(at))  # type: ignore[misc]


@evaluations.command("list")
def list_evaluations(as_json: AsJson = False) -> None:
    """The evaluations there are."""
    from evals.runner import EVALUATIONS

    rows = {name: summary for name, (summary, _) in EVALUATIONS.items()}
    _print(rows, as_json, lambda: print("\n".join(f"{n:12} {s}" for n, s in rows.items())))


@app.command()
def bench(
    n: Annotated[int, typer.Option(help="Requests a measurement.")] = 300,
    retrieval: Annotated[bool, typer.Option("--retrieval", help="Search alone.")] = False,
    size: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Passages in the store, with --retrieval; may be repeated."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the growth of search into this SVG file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Latency and throughput on this machine, in a scratch state; search as the store grows."""
    from api.commands.loopback import time_requests
    from evals.bench import run_bench, run_retrieval, show_bench
    from evals.retrieval_bench import SIZES, draw_growth, show_retrieval

    if retrieval:
        figures = run_retrieval(quiet=as_json, sizes=size or SIZES)
        draw_growth(figures, picture)
        _print(figures, as_json, lambda: show_retrieval(figures))
        return
    figures = run_bench(n_requests=n, quiet=as_json, over_http=time_requests)
    draw_growth(figures["retrieval"], picture)
    _print(figures, as_json, lambda: show_bench(figures))


if __name__ == "__main__":
    main()
