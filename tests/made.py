"""Documents of the made-up findings, made once for all the tests of a run and all its workers."""

from __future__ import annotations

import os
from pathlib import Path

from sample import sample_findings

from report.documents import render_documents

# The folder of a run, named by conftest.py to its workers.
FOLDER = "PLAYBOOK_MADE"


def made(name: str, language: str) -> bytes:
    """Return a document of `sample_findings()`, which another test of the run may have made."""
    path = Path(os.environ[FOLDER]) / f"{language}-{name}"
    if not path.exists():
        (content,) = render_documents(sample_findings(), (language,), (name,)).values()
        # Another worker may write the same at the same time: what is read is always whole.
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(path)
    return path.read_bytes()
