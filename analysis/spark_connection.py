"""What queries are run with on a cluster: text in, rows or a view out.

The statements come from `analysis.queries`, written for Spark, with their values in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import EngineError
from analysis.spark_session import quiet_library

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.spark_session import Session

# What the engine says of a value that cannot be read as what it should be.
BAD_VALUES = frozenset({"CAST_INVALID_INPUT", "CAST_OVERFLOW"})
# And of a file: cut short, of another kind, with a row that is not as the others.
BAD_FILES = ("FAILED_READ_FILE", "CANNOT_READ_FILE_FOOTER", "MALFORMED_RECORD", "MALFORMED_CSV")
# A condition in brackets, and what is said of it.
_NAMED = re.compile(r"\[([A-Z][A-Z_]+)(?:\.[A-Z_]+)?\] ([^\n]*?)(?: SQLSTATE: \w+)?(?:\n|$)")
_CAUSED = re.compile(r"^Caused by: [\w.$]+: (.+)$", re.MULTILINE)


class SparkDataError(Exception):
    """A statement that the data did not let the cluster finish.

    Attributes:
        condition: Spark's name for what went wrong, empty where it has none.
        reason: the first line of what it says.
    """

    def __init__(self, condition: str, reason: str) -> None:
        self.condition = condition
        self.reason = reason
        super().__init__(reason)

    @property
    def is_bad_value(self) -> bool:
        """Say whether a value is not what it should be."""
        return self.condition in BAD_VALUES

    @property
    def is_bad_file(self) -> bool:
        """Say whether a file cannot be read."""
        return self.condition.startswith(BAD_FILES)


class SparkConnection:
    """The views of one session, by name."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[str, Any] = {}
        self.names: set[str] = set()

    def rows(self, text: str) -> pa.Table:
        """Run a statement, and bring its rows here.

        Raises:
            SparkDataError: the data are not what they should be.
            EngineError: the cluster did not finish.
        """
        with self._explained(), quiet_library():
            return self._session.spark.sql(text).toArrow()

    def show(self, name: str, text: str) -> None:
        """Call what a statement gives by a name; it is run whenever it is asked for."""
        with self._explained():
            self._session.spark.sql(text).createOrReplaceTempView(name)
        self.names.add(name)

    def keep(self, name: str, text: str) -> None:
        """Call what a statement gives by a name, and keep its rows on the cluster once read."""
        from pyspark import StorageLevel

        self.drop(name)
        with self._explained():
            frame = self._session.spark.sql(text).persist(StorageLevel.MEMORY_AND_DISK)
            frame.createOrReplaceTempView(name)
        self._kept[name] = frame
        self.names.add(name)

    def drop(self, name: str) -> None:
        """Forget a name, and let go of its rows."""
        frame = self._kept.pop(name, None)
        if frame is not None:
            with self._explained():
                frame.unpersist()
        if name in self.names:
            with self._explained():
                self._session.spark.catalog.dropTempView(name)
            self.names.discard(name)

    def show_csv(self, name: str, path: Path, columns: list[str]) -> None:
        """Call a CSV file by a name: all is text, as headed; a row that differs is refused."""
        from pyspark.sql.types import StringType, StructField, StructType

        heading = StructType([StructField(column, StringType()) for column in columns])
        options = {
            "header": "true",
            "enforceSchema": "true",
            "multiLine": "true",
            "quote": '"',
            "escape": '"',
            "mode": "FAILFAST",
            "maxCharsPerColumn": "-1",
        }
        with self._explained():
            frame = self._session.spark.read.schema(heading).options(**options).csv(_uri(path))
            frame.createOrReplaceTempView(name)
        self.names.add(name)

    def show_parquet(self, name: str, path: Path) -> None:
        """Call a Parquet file, or a folder of them, by a name."""
        with self._explained():
            self._session.spark.read.parquet(_uri(path)).createOrReplaceTempView(name)
        self.names.add(name)

    def beside(self, names: Iterable[str]) -> SparkConnection:
        """Return a connection with views of its own, that reads these as `global_temp.<name>`."""
        spark = self._session.spark
        with self._explained():
            for name in names:
                spark.table(name).createOrReplaceGlobalTempView(name)
            return SparkConnection(replace(self._session, spark=spark.newSession()))

    def write(self, text: str, folder: Path) -> None:
        """Write what a statement gives as a folder of Parquet files, each by a worker."""
        with self._explained():
            self._session.spark.sql(text).write.parquet(_uri(folder))

    def close(self) -> None:
        """End the session."""
        self._session.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Tell what the data did from what the cluster did."""
        from py4j.protocol import Py4JError
        from pyspark.errors import AnalysisException, ParseException, PySparkException

        try:
            yield
        except (AnalysisException, ParseException):
            # Our own statement is wrong: a bug, which keeps its traceback.
            raise
        except (PySparkException, Py4JError, OSError) as error:
            said = str(error)
            known = [found for found in _NAMED.finditer(said) if _is_of_the_data(found[1])]
            if known:
                # The innermost says most: what is wrong with a row, and not that a file is.
                raise SparkDataError(known[-1][1], known[-1][2].strip()) from error
            raise _lost(_reason(said) or type(error).__name__) from error


def _is_of_the_data(condition: str) -> bool:
    return condition in BAD_VALUES or condition.startswith(BAD_FILES)


def _lost(reason: str) -> EngineError:
    return EngineError(
        f"the cluster did not finish: {reason}",
        where="Spark",
        expected="workers that last until the build has ended",
        todo="see the cluster's own logs; give it more memory (memory and options in [spark] of the"
        " settings), or build again",
    )


def _reason(said: str) -> str:
    """Return what lies behind an exception of Java, or the first line of any other."""
    behind = _CAUSED.search(said)
    lines = said.strip().splitlines()
    return behind[1] if behind else lines[0] if lines else ""


def _uri(path: Path) -> str:
    """Return a path as an address: Spark would expand stars and brackets in a plain path."""
    escaped = "".join(f"\\{letter}" if letter in "*?[]{}" else letter for letter in str(path))
    return f"file://{escaped}" if path.is_absolute() else escaped
