"""The notebooks: written once in templates/notebooks, put in a language, executed, handed over."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.addresses import parse_address
from analysis.errors import RenderError
from analysis.steps import Steps
from report.opened_run import SOURCE
from report.outputs import scratch
from report.wording import Wording, templates_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOKS = ("1_exploration", "2_trials", "3_stability")
# What a run leaves that the notebooks read.
READ = ("findings.json", "manifest.json", "model.json")
SECONDS_OF_A_CELL = 1_800
_HEADING = re.compile(r"(#+ )(.*)", re.S)


def render_notebooks(
    data: Mapping[str, bytes],
    source: Path | str | None,
    languages: Sequence[str],
    steps: Steps | None = None,
) -> dict[str, bytes]:
    """Return the executed notebooks, path inside the output folder to content.

    Args:
        data: files of a run, at least its findings and its manifest.
        source: what the findings were made of; None where it is not there, which the cells say.
        languages: one set of notebooks each.
        steps: where the time is kept.

    Raises:
        RenderError: a library is not installed, or a cell failed or gave a warning.
    """
    check_libraries()
    steps = steps or Steps()
    drafts = {
        (language, name): read_notebook(name, Wording(language))
        for language in languages
        for name in NOTEBOOKS
    }
    places = {key: f"{key[0]}/notebooks/{key[1]}.ipynb" for key in drafts}
    read = {name: content for name, content in data.items() if name in READ}
    files: dict[str, bytes] = {}
    with scratch(read | {places[key]: _to_bytes(draft) for key, draft in drafts.items()}) as folder:
        for (language, name), draft in drafts.items():
            with steps.step(f"run_{name}"):
                _execute(draft, name, folder, language, _address(source))
            files[places[language, name]] = _to_bytes(draft)
    return files


def check_libraries() -> None:
    """Refuse, before the work, to run notebooks without the libraries for it.

    Raises:
        RenderError: one of them is not installed.
    """
    try:
        import ipykernel
        import jupytext
        import nbclient
        from matplotlib import font_manager
    except ImportError as error:
        raise RenderError(
            f"notebooks need a library that is not installed: {error.name}",
            expected="ipykernel, jupytext, matplotlib and nbclient",
            todo="install them with: pip install 'segment-playbook[notebooks]'",
        ) from error
    # Loading the fonts here makes their cache, which a kernel would warn about.
    del ipykernel, jupytext, nbclient, font_manager


def read_notebook(name: str, wording: Wording) -> NotebookNode:
    """Return a notebook of templates/notebooks in a language, not yet executed."""
    import jupytext

    notebook: NotebookNode = jupytext.reads(source_text(name), fmt="py:percent")
    for place, cell in enumerate(notebook.cells):
        title = cell.metadata.get("title", "")
        cell.metadata = type(cell.metadata)()
        cell.id = title or f"text-{place}"
        if cell.cell_type == "markdown":
            blocks = (mark + wording.gettext(block) for mark, block in text_blocks(cell.source))
            cell.source = "\n\n".join(blocks)
        elif title == "language":
            cell.source = f'language = "{wording.language}"'
    notebook.metadata = type(notebook.metadata)(
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"},
    )
    return notebook


def source_text(name: str) -> str:
    """Return the source of a notebook."""
    return (templates_folder() / "notebooks" / f"{name}.py").read_text(encoding="utf-8")


def text_blocks(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield the headings and paragraphs of a cell: the mark of a heading or nothing, the text."""
    for block in markdown.split("\n\n"):
        heading = _HEADING.fullmatch(block.strip())
        mark, text = heading.groups() if heading else ("", block)
        yield mark, " ".join(text.split())


def _execute(notebook: NotebookNode, name: str, folder: Path, language: str, source: str) -> None:
    """Run a notebook where it will stand, in a kernel of this very Python.

    Raises:
        RenderError: a cell failed, was too slow, or gave a warning.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    here = folder / language / "notebooks"
    # Only the kernel that comes with ipykernel: one that a user registered may be another Python.
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    # Sockets in a folder of our own: nobody else on the machine can listen.
    manager = AsyncKernelManager(
        kernel_spec_manager=specs,
        connection_file=str(folder / "kernel.json"),
        transport="ipc",
        ip=str(folder / "kernel"),
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=SECONDS_OF_A_CELL,
        record_timing=False,
        resources={"metadata": {"path": str(here)}},
    )
    try:
        client.execute(env=_environment(folder, source))
    except (CellControlSignal, DeadKernelError) as error:
        raise _failed(notebook, name, error) from error
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        run_sync(manager.shutdown_kernel)(now=True)
        manager.context.destroy(linger=0)
    # The kernel wrote its own version there.
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                raise RenderError(
                    f"a cell of a notebook prints or warns: {output.text.strip()}",
                    where=f"{name}, cell {cell.id}",
                    expected="tables, pictures and texts",
                    todo="report it: the notebook is part of the program",
                )


def _environment(folder: Path, source: str) -> dict[str, str]:
    """Return the environment of a kernel: this program, this source, nobody's own settings."""
    code = str(Path(__file__).resolve().parents[1])
    paths = [code, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "IPYTHONDIR": str(folder / "ipython"),
        SOURCE: source,
    }


def _failed(notebook: NotebookNode, name: str, error: Exception) -> RenderError:
    """Return the error that names the cell."""
    failing = [
        cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    said = (getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error)))
    return RenderError(
        f"a cell of a notebook failed: {': '.join(part for part in said if part)}",
        where=f"{name}, cell {failing[0] if failing else 'unknown'}",
        expected="a notebook that runs from its first cell to its last",
        todo="check that SOURCE is what the findings were made of; else report it",
    )


def _address(source: Path | str | None) -> str:
    """Return the source as a kernel in another folder finds it."""
    if source is None:
        return ""
    found = parse_address(source)
    return str(found.resolve()) if isinstance(found, Path) else str(source)


def _to_bytes(notebook: NotebookNode) -> bytes:
    from nbformat import v4

    # The format is the latest of its version, so nothing needs converting.
    text: str = v4.writes(notebook, indent=1)
    return (text + "\n").encode()
