"""The commands: the only place that prints or exits. Heavy libraries are imported where used."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import PlaybookError, ResourceError
from report.options import (
    AS_OF,
    CONFIG,
    DOCUMENT_OPTIONS,
    ENGINE,
    FOLDER,
    FRESH,
    LANGUAGE,
    LANGUAGES,
    MASTER,
    NOTEBOOKS,
    PREVIOUS,
    QUIET,
    VERBOSE,
    source_address,
    with_options,
)

if TYPE_CHECKING:
    from analysis.monitoring import Stored
    from analysis.settings import Settings
    from analysis.source import OpenSource
    from report.brand import Brand
    from report.builds import Wanted

DEMO_CUSTOMERS = 12_000
DEMO_SEED = 7

PROBLEM = 1
REFRESH_DUE = 3


class _Commands(click.Group):
    """Turns our own errors into one message and exit code 1; bugs keep their traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except PlaybookError as error:
            click.echo(f"playbook: {error.message()}", err=True)
            sys.exit(PROBLEM)
        except MemoryError as error:
            click.echo(f"playbook: {_no_memory(error).message()}", err=True)
            sys.exit(PROBLEM)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nplaybook: interrupted; what an earlier run left is untouched", err=True)
            sys.exit(PROBLEM)


def _no_memory(error: MemoryError) -> ResourceError:
    return ResourceError(
        f"more memory was asked for than there is: {str(error) or 'no more is said'}",
        where="the memory of this machine, or the limit that this process was given",
        expected="what the README says that a shop of this size takes",
        todo="close other programs, raise the limit, or build with --engine spark",
    )


def run() -> None:
    """Run the command line as a program: a request to end is an interruption like Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    atexit.register(_leave_as_it_is)
    main()


def _leave_as_it_is() -> None:
    """Let what is left at the end go back to the system without a look at each object.

    DuckDB's bindings want that look: they report on the screen what they find alive.
    """
    if "duckdb" not in sys.modules:
        gc.freeze()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segment-playbook")
def main() -> None:
    """From a shop's database to a dashboard, a segment playbook, a deck and a contract."""


@main.command()
@click.argument("source", type=source_address)
@with_options(FOLDER, CONFIG, AS_OF, PREVIOUS, FRESH, NOTEBOOKS, ENGINE, MASTER)
@DOCUMENT_OPTIONS
def build(
    source: Path | str,
    out: Path,
    config: Path | None,
    as_of: Any,
    previous: Path | None,
    fresh: bool,
    engine: str,
    master: str | None,
    **options: Any,
) -> None:
    """Build everything from SOURCE: an archive, a folder of CSV or Parquet, a SQLite file, a URL.

    A URL is sqlite:///path or postgresql://user@host/database. An analysis that stands in the
    output folder, of the same file, settings and program, is not made again.
    """
    from analysis.settings import refuse_expired
    from analysis.source import file_fingerprint
    from report.builds import build_again, build_whole
    from report.found_again import find_again
    from report.outputs import check_target
    from report.targets import refuse_inside

    if master is not None and engine != "spark":
        raise click.UsageError("--master goes with --engine spark.")
    settings = _settings(config, as_of)
    refuse_expired(settings, date.today())
    brand = _brand(settings, config, options)
    check_target(out)
    refuse_inside(out, source, config)
    _check_template(options["template"])
    _check_notebooks(options)
    wanted = _wanted(options, brand, source, previous, out)
    earlier = None if fresh or previous else find_again(out, settings, engine)
    with _progress(options) as steps:
        if earlier is not None and earlier.fingerprint == file_fingerprint(source):
            _say_found_again(out, options)
            build_again(earlier, out, settings, steps, wanted)
        else:
            with steps.step("open_source"):
                opened = _opened(source, settings, engine, master)
            with opened:
                build_whole(opened, out, settings, steps, wanted)
    _say_where(out, options)


@main.command()
@click.option("--customers", default=DEMO_CUSTOMERS, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=DEMO_SEED, show_default=True, type=click.IntRange(0))
@with_options(FOLDER, CONFIG, NOTEBOOKS)
@DOCUMENT_OPTIONS
def demo(customers: int, seed: int, out: Path, config: Path | None, **options: Any) -> None:
    """Build everything from a made-up marketplace."""
    from analysis.marketplace import make_marketplace
    from analysis.source import open_tables
    from report.builds import build_whole
    from report.examples import demo_settings
    from report.outputs import check_target
    from report.targets import refuse_inside

    settings = demo_settings() if config is None else _settings(config, None)
    brand = _brand(settings, config, options)
    check_target(out)
    refuse_inside(out, config)
    _check_template(options["template"])
    _check_notebooks(options)
    with _progress(options) as steps:
        with steps.step("make_marketplace"):
            marketplace = make_marketplace(customers, seed)
        with steps.step("open_source"):
            opened = open_tables(marketplace.tables, name=f"demo-{customers}-{seed}")
        with opened:
            build_whole(opened, out, settings, steps, _wanted(options, brand))
    _say_where(out, options)


@main.command()
@click.argument("findings", type=click.Path(path_type=Path))
@CONFIG
@DOCUMENT_OPTIONS
def render(findings: Path, config: Path | None, languages: tuple[str, ...], **options: Any) -> None:
    """Make the documents again from FINDINGS (a findings.json), without the data.

    Of the settings, only [brand] counts here.
    """
    from analysis.findings import read_findings
    from report.documents import render_documents
    from report.outputs import check_unchanged, write_documents
    from report.workers import collector_at_rest

    with collector_at_rest():
        found = read_findings(findings)
    check_unchanged(findings)
    _check_template(options["template"])
    brand = _brand(_settings(config, None), config, options)
    with _progress(options) as steps:
        files = render_documents(
            found, languages, options["only"], options["template"], steps, brand=brand
        )
        write_documents(findings.parent, files)
    _say_where(findings.parent, {**options, "languages": languages})


@main.command()
@click.argument("findings", type=click.Path(path_type=Path))
@click.argument("source", type=source_address, required=False)
@with_options(LANGUAGE, QUIET, VERBOSE)
def notebooks(
    findings: Path, source: Path | str | None, languages: tuple[str, ...], **options: Any
) -> None:
    """Execute the three notebooks on FINDINGS (a findings.json) and the SOURCE it was made of.

    Without SOURCE the cells that need it say so; a made-up one is made again.
    """
    from analysis.findings import read_findings
    from report.notebooks import READ, render_notebooks
    from report.outputs import check_unchanged, write_documents

    read_findings(findings)
    check_unchanged(findings)
    folder = findings.parent
    data = {name: (folder / name).read_bytes() for name in READ if (folder / name).is_file()}
    with _progress(options) as steps:
        write_documents(folder, render_notebooks(data, source, languages, steps))
    _say_where(folder, {**options, "languages": languages})


@main.command()
@click.argument("source", type=source_address)
@with_options(CONFIG, AS_OF)
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(("table", "csv", "json")),
)
@click.option("--lang", default="fr", show_default=True, type=click.Choice(LANGUAGES))
def questions(source: Path | str, config: Path | None, as_of: Any, form: str, lang: str) -> None:
    """Print the answers to the client's four questions on SOURCE."""
    from analysis.pipeline import ask
    from analysis.source import open_source
    from report.answers import answers_text

    settings = _settings(config, as_of)
    with open_source(source, settings.source, settings.scale) as opened:
        answers = ask(opened, settings)
    click.echo(answers_text(answers, form, lang, settings.client.currency), nl=False)


@main.command()
@click.option("--out", default="playbook.toml", show_default=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init(out: Path, force: bool) -> None:
    """Write a commented playbook.toml with every setting at its default."""
    from analysis.errors import OutputError
    from report.examples import commented_settings
    from report.outputs import write_file

    if out.exists() and not force:
        raise OutputError(
            "the file is there already",
            where=str(out),
            expected="a name that does not exist yet",
            todo="name another file with --out, or replace it with --force",
        )
    write_file(out, commented_settings().encode())
    click.echo(str(out))


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("source", type=source_address)
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="CSV file.")
@with_options(CONFIG, AS_OF)
def assign(model: Path, source: Path | str, out: Path, config: Path | None, as_of: Any) -> None:
    """Give each customer of SOURCE the segment that MODEL (a model.json) says, as of a date."""
    from analysis.editions import read_rules
    from analysis.pipeline import assign_customers
    from analysis.segmentation import read_model
    from analysis.source import open_source
    from report.exports import customers_csv
    from report.outputs import write_file

    known = read_model(model)
    settings = _settings(config, as_of)
    with open_source(source, settings.source, settings.scale) as opened:
        customers = assign_customers(opened, known, settings, read_rules(model, known))
    write_file(out, customers_csv(customers))
    click.echo(f"{out}: {len(customers)} customers")


@main.command("monitor")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("source", type=source_address)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="What is remembered of the looks before. Default: <model>.monitor.json, beside the model.",
)
@click.option("--pdf", type=click.Path(path_type=Path), help="Write one page of PDF as well.")
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(("text", "json"))
)
@click.option("--lang", default="fr", show_default=True, type=click.Choice(LANGUAGES))
@with_options(CONFIG, AS_OF)
def monitor_model(
    model: Path,
    source: Path | str,
    state: Path | None,
    pdf: Path | None,
    form: str,
    lang: str,
    config: Path | None,
    as_of: Any,
) -> None:
    """Say whether MODEL (a model.json, its findings.json beside it) still holds on a later SOURCE.

    Exit status: 0 fresh or to be watched, 3 refresh due.
    """
    from analysis.looks import read_state, state_to_json
    from analysis.monitoring import model_checksum, monitor
    from analysis.source import open_source
    from report.monitoring import Dress, monitoring_json, monitoring_text, render_monitoring
    from report.outputs import write_beside
    from report.targets import refuse_overwriting

    stored = _stored(model)
    state = state or model.with_name(f"{model.stem}.monitor.json")
    refuse_overwriting((state, pdf), (model, model.with_name("findings.json"), source, config))
    remembered = read_state(state, model_checksum(stored.model))
    settings = _settings(config, as_of)
    brand = _brand(settings, config, {"quiet": pdf is None})
    dress = Dress(brand, client=settings.client.name, consultant=settings.consultant.name)
    with open_source(source, settings.source, settings.scale) as opened:
        found = monitor(opened, stored, remembered, settings)
    text = (monitoring_json if form == "json" else monitoring_text)(found, lang)
    files = {pdf: render_monitoring(found, lang, dress)} if pdf else {}
    files[state] = state_to_json(remembered.with_look(found.look)).encode()
    for path, content in files.items():
        write_beside(path, content)
    click.echo(text, nl=False)
    if found.verdict == "refresh_due":
        sys.exit(REFRESH_DUE)


@main.command("check-template")
@click.argument("template", type=click.Path(path_type=Path))
def check_template(template: Path) -> None:
    """Say what fits and what is missing in TEMPLATE (.pptx), before a run."""
    from report.deck import check_template as check

    for line in check(template):
        click.echo(line)


def _opened(source: Path | str, settings: Settings, engine: str, master: str | None) -> OpenSource:
    """Open the source on the engine that was asked for."""
    if engine == "spark":
        from analysis.spark_session import THIS_MACHINE
        from analysis.spark_source import open_on_spark

        return open_on_spark(source, master or THIS_MACHINE, settings)
    from analysis.source import open_source

    return open_source(source, settings.source, settings.scale)


def _wanted(
    options: dict[str, Any],
    brand: Brand,
    source: Path | str | None = None,
    previous: Path | None = None,
    out: Path | None = None,
) -> Wanted:
    """Return what a build shall leave, with the earlier edition read."""
    from report.builds import Wanted, read_previous

    edition, kept = (None, {}) if previous is None or out is None else read_previous(previous, out)
    return Wanted(
        languages=options["languages"],
        documents=options["only"],
        template=options["template"],
        brand=brand,
        notebooks=options["notebooks"],
        source=source,
        edition=edition,
        kept=kept,
    )


def _stored(path: Path) -> Stored:
    """Read a model and the findings beside it, each as its run wrote it."""
    from analysis.findings import read_findings
    from analysis.monitoring import Stored
    from analysis.segmentation import read_model
    from report.outputs import check_unchanged

    model = read_model(path)
    findings = read_findings(path.with_name("findings.json"))
    check_unchanged(path.with_name("findings.json"))
    return Stored(model, findings)


def _check_template(template: Path | None) -> None:
    """Refuse a slide template that cannot be used before the work, not after it."""
    if template is not None:
        from report.deck import check_template

        check_template(template)


def _check_notebooks(options: dict[str, Any]) -> None:
    """Refuse notebooks without their libraries before the work, not after it."""
    if options["notebooks"]:
        from report.notebooks import check_libraries

        check_libraries()


def _settings(config: Path | None, as_of: Any) -> Settings:
    """Read the settings; the command line's date goes before the file's."""
    from datetime import timedelta

    from analysis.settings import read_settings

    settings = read_settings(config)
    if as_of is None:
        return settings
    if (as_of.hour, as_of.minute, as_of.second) == (0, 0, 0):
        as_of += timedelta(days=1, seconds=-1)
    return settings.model_copy(update={"as_of": as_of})


def _brand(settings: Settings, config: Path | None, options: dict[str, Any]) -> Brand:
    """Read the brand before anything else is done, and say what had to change or is missing."""
    from report.brand import load_brand

    brand = load_brand(settings.brand, Path() if config is None else config.parent)
    if not options["quiet"]:
        for note in brand.notes:
            click.echo(f"brand: {note}", err=True)
    return brand


def _progress(options: dict[str, Any]) -> Any:
    """Return the context in which steps are announced, as the options and the terminal ask."""
    from report.progress import progress

    def say(text: str) -> None:
        click.echo(text, err=True)

    return progress(say, quiet=options["quiet"], verbose=options["verbose"])


def _say_found_again(out: Path, options: dict[str, Any]) -> None:
    """Say that nothing is computed anew, and how to have it so."""
    if not options["quiet"]:
        click.echo(
            f"the analysis stands in {out} already (same data, settings and program): documents "
            "and prices are made again; --fresh analyses again",
            err=True,
        )


def _say_where(out: Path, options: dict[str, Any]) -> None:
    """Print where the documents are."""
    if options["quiet"]:
        return
    for language in options["languages"]:
        for path in sorted((out / language).rglob("*")):
            if path.is_file():
                click.echo(str(path))
