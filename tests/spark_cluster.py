"""One small cluster for a file of tests: two workers, each a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from analysis import spark_session
from analysis.settings import Settings, check_settings
from analysis.spark_session import Session, start_session
from analysis.spark_source import SparkSource, open_on_spark

MASTER = "local-cluster[2,1,1024]"
# Small tables: pieces cost more than they bring, and so does compiling for speed.
QUICK_CLUSTER = check_settings(
    {
        "spark": {
            "answer_seconds": 300,
            "memory": "1g",
            "partitions": 2,
            "options": {
                "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "spark.sql.codegen.wholeStage": "false",
            },
        }
    }
)


def with_cluster(settings: Settings) -> Settings:
    """Return settings with those of the small cluster."""
    return settings.model_copy(update={"spark": QUICK_CLUSTER.spark})


@contextmanager
def cluster() -> Iterator[Session]:
    """Start a cluster of two workers on this machine, and remove what they leave in the library."""
    import pyspark

    left = Path(pyspark.__file__).parent / "work"
    there = left.exists()
    session = start_session(MASTER, QUICK_CLUSTER.spark)
    try:
        yield session
    finally:
        session.close()
        if not there:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def opened(
    session: Session, source: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SparkSource]:
    """Open a source on a cluster that others use as well."""
    lent(session, monkeypatch)
    source_on_spark = open_on_spark(source, MASTER, QUICK_CLUSTER)
    try:
        yield source_on_spark
    finally:
        source_on_spark.end()


def lent(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every build use this cluster, and leave it running."""

    class Lent(Session):
        def close(self) -> None:
            self.spark.catalog.clearCache()

    borrowed = Lent(session.spark, session.gateway, session.folder)
    monkeypatch.setattr(spark_session, "start_session", lambda *_: borrowed)


def executors() -> list[psutil.Process]:
    """Return the processes that hold the data of this process's cluster."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if any("CoarseGrainedExecutorBackend" in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found
