"""What comes in: rows of JSONL, CSV or Parquet, one at a time, their columns mapped to the fields of a complaint."""

from __future__ import annotations

import csv
import importlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import yaml

from replykit.batch.journal import key_of
from replykit.errors import BatchError
from replykit.types import Complaint

FORMATS = ("jsonl", "csv", "parquet")
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
PARQUET_ROWS = 256
LONGEST_CELL = 2**24
Fields = dict[str, Any]


class Row(NamedTuple):
    """One row: what it is known by, and its complaint as JSON, or why there is none."""

    number: int
    id: Any
    key: bytes
    body: bytes
    error: str | None = None


class Source:
    """The rows of one file, read as they are needed; memory does not grow with the file.

    Args:
        path: The file, or `-` for JSONL on standard input.
        format: `jsonl`, `csv` or `parquet`; None goes by the name.
        columns: Which column holds which field, `id` among them: `{"text": "body", "customer.name": "from"}`.

    Raises:
        BatchError: There is no such file, its format is not known, or a mapped field is not one of a complaint.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002  # what everybody calls it
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.path = str(path)
        self.format = format or _format_of(self.path)
        self._columns = dict(columns or {})
        _verify(self._columns)
        if self.path != "-" and not Path(self.path).is_file():
            raise BatchError(f"{self.path}: there is no such file; give JSONL, CSV or Parquet, or - for standard input")
        self._share = 0.0

    def share(self) -> float | None:
        """How much of the file has been read, from 0 to 1; None where nobody can know."""
        return None if self.path == "-" else self._share

    def __iter__(self) -> Iterator[Row]:
        for number, found in self._numbered():
            yield row_of(number, found, self._columns)

    def _numbered(self) -> Iterator[tuple[int, Fields | str]]:
        if self.format == "parquet":
            yield from enumerate(self._parquet(), start=1)
            return
        stream: BinaryIO = sys.stdin.buffer if self.path == "-" else Path(self.path).open("rb")  # noqa: SIM115  # closed below
        try:
            yield from (_lines if self.format == "jsonl" else _cells)(self._watched(stream))
        finally:
            if self.path != "-":
                stream.close()

    def _watched(self, stream: BinaryIO) -> Iterator[bytes]:
        size = Path(self.path).stat().st_size if self.path != "-" else 0
        read = 0
        for line in stream:
            read += len(line)
            self._share = read / size if size else 0.0
            yield line

    def _parquet(self) -> Iterator[Fields]:
        try:
            parquet: Any = importlib.import_module("pyarrow.parquet")
            file = parquet.ParquetFile(self.path)
        except ImportError:
            raise BatchError("Parquet needs pyarrow: pip install 'replykit[parquet]'") from None
        except Exception as error:  # noqa: BLE001  # pyarrow has its own tree of errors
            raise BatchError(f"{self.path} is not a Parquet file ({error})") from None
        with file:
            done = 0
            for batch in file.iter_batches(PARQUET_ROWS):
                for record in batch.to_pylist():
                    done += 1
                    self._share = done / file.metadata.num_rows
                    yield record


def _lines(lines: Iterable[bytes]) -> Iterator[tuple[int, Fields | str]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            yield number, f"the line is not UTF-8 ({error.reason} at byte {error.start})"
        except (ValueError, RecursionError) as error:
            yield number, f"the line is not JSON: {error}"
        else:
            wrong = f"the line holds a JSON {type(found).__name__}, where an object belongs"
            yield number, found if isinstance(found, dict) else wrong


def _cells(lines: Iterable[bytes]) -> Iterator[tuple[int, Fields | str]]:
    csv.field_size_limit(LONGEST_CELL)
    decoded = (line.decode("utf-8" if n else "utf-8-sig", "surrogateescape") for n, line in enumerate(lines))
    reader = csv.reader(decoded)
    names = next(reader, [])
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield number, f"the row cannot be read: {error}"
            continue
        if cells:
            number += 1
            yield number, _named(names, cells)


def _named(names: list[str], cells: list[str]) -> Fields | str:
    if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell if not cell.isascii()):
        return "the row is not UTF-8; save the file as UTF-8"
    if len(cells) > len(names):
        return f"the row has {len(cells)} cells, and the first row names {len(names)}; is a quotation mark missing?"
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}


def row_of(number: int, found: Fields | str, columns: Mapping[str, str]) -> Row:
    """A row from its columns, or from the reason why it has none."""
    if isinstance(found, str):
        return Row(number, number, b"", b"", found)
    given = found.get(columns.get("id", "id"))
    fields = _mapped(found, columns)
    own = number if given is None else given
    if not isinstance(fields.get("text"), str):
        problem = f"the row has no text under {columns.get('text', 'text')!r}; name its column with --column text=NAME"
        return Row(number, own, b"", b"", problem)
    try:
        body = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        return Row(number, own, b"", b"", f"the row cannot be used: {error}")
    return Row(number, own, key_of(given, body), body)


def _mapped(found: Fields, columns: Mapping[str, str]) -> Fields:
    """The complaint's fields; dotted names, as CSV must have them, become nested ones."""
    fields: Fields = {}
    taken = {column for field, column in columns.items() if field != column}
    for name, value in found.items():
        known = name in Complaint.model_fields or name.partition(".")[0] in NESTED
        if value is not None and known and name not in taken:
            _lay(fields, name, value)
    for field, column in columns.items():
        if field != "id" and found.get(column) is not None:
            _lay(fields, field, found[column])
    return fields


NESTED = {"customer", "order", "agent", "facts"}


def _lay(fields: Fields, name: str, value: Any) -> None:
    outer, dot, inner = name.partition(".")
    if not dot:
        fields[name] = value
        return
    nested = fields.setdefault(outer, {})
    if isinstance(nested, dict):
        nested[inner] = _scalar(value) if outer == "facts" else value


def _scalar(value: Any) -> Any:
    """A fact from a cell, read as YAML reads it, so that `false` is a no."""
    if not isinstance(value, str):
        return value
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    return read if isinstance(read, str | int | float | bool) else value


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode()
    return str(value)


def _format_of(path: str) -> str:
    if path == "-":
        return "jsonl"
    found = SUFFIXES.get(Path(path).suffix.lower())
    if found is None:
        raise BatchError(f"{path}: what format is it? Name it .jsonl, .csv or .parquet, or give --format")
    return found


def _verify(columns: Mapping[str, str]) -> None:
    for field in columns:
        outer, dot, _ = field.partition(".")
        if field != "id" and (outer not in Complaint.model_fields or (dot and outer not in NESTED)):
            known = ", ".join(["id", *Complaint.model_fields])
            raise BatchError(
                f"--column {field}=…: {field!r} is not a field of a complaint; "
                f"there are {known}, and such as customer.name"
            )
