"""A session of Spark: started within a time limit, silent, gone without a trace when closed.

Needs the extra `spark` of this package and a Java runtime; pyspark is imported here and in
`analysis.spark_connection` only.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from analysis.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from analysis.settings import Spark

LEAST_JAVA = 17
LOCAL = "local"
THIS_MACHINE = "local[*]"
_JAVA_SECONDS = 30
_END_SECONDS = 20
_JAVA_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_APPLICATION = "segment-playbook"
# One clock for every machine, wrong values refused as DuckDB refuses them, nothing on the screen,
# nothing served, nothing kept.
_FIXED = {
    "spark.app.name": _APPLICATION,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@dataclass(frozen=True)
class Session:
    """A running session; `folder` holds what Spark leaves on this machine, until `close`."""

    spark: SparkSession
    gateway: Any
    folder: tempfile.TemporaryDirectory[str]

    def close(self) -> None:
        """End the session and the Java process, and remove what they left."""
        from py4j.protocol import Py4JError
        from pyspark import SparkContext

        # A Java process that has died cannot be asked to stop.
        with suppress(Py4JError, OSError):
            self.spark.stop()
        _end(self.gateway)
        SparkContext._gateway = SparkContext._jvm = None
        SparkContext._active_spark_context = None
        self.folder.cleanup()


def start_session(master: str, wanted: Spark) -> Session:
    """Start a session on a master, and wait until it has run something.

    Raises:
        EngineError: PySpark or Java is missing or too old; the master does not answer in time.
    """
    _check_pyspark()
    check_java()
    _check_answers(master, wanted)
    folder = tempfile.TemporaryDirectory(prefix="playbook-spark-")
    try:
        return _started(master, wanted, folder)
    except BaseException:
        folder.cleanup()
        raise


def check_java() -> None:
    """Find the Java that Spark will run on, as its own scripts do: JAVA_HOME, then the PATH.

    Raises:
        EngineError: there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME", "")
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    expected = f"Java {LEAST_JAVA} or later, by JAVA_HOME or on the PATH"
    todo = f"install a Java {LEAST_JAVA} runtime, or build without --engine spark"
    where = f"JAVA_HOME={home}" if home else "the PATH"
    try:
        if program is None:
            raise FileNotFoundError
        said = subprocess.run(  # noqa: S603 - the Java that Spark would start itself
            [program, "-version"], capture_output=True, text=True, timeout=_JAVA_SECONDS, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(
            "Spark needs Java, and none that runs was found",
            where=where,
            expected=expected,
            todo=todo,
        ) from error
    found = _JAVA_VERSION.search(said)
    if found is None or int(found[1]) < LEAST_JAVA:
        raise EngineError(
            f"Java is too old for Spark: {said.splitlines()[0] if said else 'of no known version'}",
            where=program,
            expected=expected,
            todo=todo,
        )


def _check_pyspark() -> None:
    """Refuse to start without the library."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        raise EngineError(
            "PySpark is not installed",
            where="this Python",
            expected="the extra spark of segment-playbook",
            todo="pip install 'segment-playbook[spark]', or build without --engine spark",
        )


def _check_answers(master: str, wanted: Spark) -> None:
    """Refuse a master on another machine that takes no connection.

    Raises:
        EngineError: it does not answer within the seconds of the settings.
    """
    if not master.startswith(("spark://", "k8s://")):
        return
    named = master.removeprefix("k8s://")
    # Several masters that stand in for each other are parted by commas.
    addresses = [
        urlsplit(part if "://" in part else f"spark://{part}") for part in named.split(",")
    ]
    problem: OSError | ValueError | None = None
    for address in addresses:
        try:
            place = (address.hostname or "", address.port or 443)
            socket.create_connection(place, timeout=wanted.answer_seconds).close()
        except (OSError, ValueError) as error:
            problem = error
        else:
            return
    raise no_answer(master, str(problem), wanted)


def no_answer(master: str, reason: str, wanted: Spark) -> EngineError:
    """Return the error for a master with whom nothing can be begun."""
    return EngineError(
        f"the master of Spark does not answer: {reason}",
        where=master,
        expected=f"a session that runs within {wanted.answer_seconds} seconds"
        " ([spark] answer_seconds of the settings)",
        todo="check the address and the cluster, or leave --master away to run on this machine",
    )


def _started(master: str, wanted: Spark, folder: tempfile.TemporaryDirectory[str]) -> Session:
    """Start Java, then the session in a thread of its own, so that the wait has an end."""
    from pyspark import SparkConf
    from pyspark.java_gateway import launch_gateway

    options = SparkConf(loadDefaults=False).setAll(_options(master, wanted, Path(folder.name)))
    with (Path(folder.name) / "log.txt").open("wb") as log, quiet_library():
        gateway = launch_gateway(options, {"stdout": log, "stderr": log})
        made: list[SparkSession] = []
        problems: list[Exception] = []
        thread = threading.Thread(
            target=_open, args=(options, gateway, made, problems), daemon=True
        )
        thread.start()
        thread.join(wanted.answer_seconds)
        if not made:
            _forget(gateway)
            reason = _first_line(problems[0]) if problems else "nothing was run in time"
            raise no_answer(master, reason, wanted)
    return Session(made[0], gateway, folder)


def _options(master: str, wanted: Spark, folder: Path) -> list[tuple[str, str]]:
    """Return the configuration: ours, over which the settings go, under what must be so."""
    own = {
        "spark.driver.memory": wanted.memory,
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder}",
        "spark.sql.shuffle.partitions": str(wanted.partitions),
    }
    if master.startswith(LOCAL):
        own |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return list({**own, **wanted.options, **_FIXED, "spark.master": master}.items())


def _open(options: Any, gateway: Any, made: list[SparkSession], problems: list[Exception]) -> None:
    """Open a session and have it count to one: a master without workers would let us wait."""
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        context = SparkContext(conf=options, gateway=gateway)
        spark = SparkSession(context)
        spark.range(1).count()
        made.append(spark)
    except (Py4JError, PySparkException, OSError, ValueError) as error:
        problems.append(error)


@contextmanager
def quiet_library() -> Iterator[None]:
    """Keep what the library says of other libraries' versions from the user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _forget(gateway: Any) -> None:
    """End a Java process in which no session came to be."""
    from pyspark import SparkContext

    _end(gateway)
    SparkContext._gateway = SparkContext._jvm = None
    SparkContext._active_spark_context = None


def _end(gateway: Any) -> None:
    """Close the way to Java, then end the process."""
    from py4j.protocol import Py4JError

    process: subprocess.Popen[bytes] = gateway.proc
    if process.poll() is None:
        process.terminate()
    with suppress(Py4JError, OSError):
        gateway.shutdown()
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _first_line(error: Exception) -> str:
    """Return what an exception of Java says, without where it was thrown."""
    java = getattr(error, "java_exception", None)
    text = str(java) if java is not None else str(error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
