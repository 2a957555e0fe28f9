"""docs/schema.md and docs/errors.md, made from the schemas."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from schemas.fields import SCHEMA_VERSION
from schemas.quarantine import REASONS
from schemas.views import DATASETS

_ABOUT = {
    "events": "One row an event. Partitioned by `date` (UTC day of publication, else of first sight) and `outlet`.",
    "articles": "One row an article version, copies included. Partitioned by `date` and `outlet`.",
    "quarantine": "One row for each input that gave nothing. Partitioned by `date`, the day of the run.",
}
_PARTITIONS = {
    "date": ("date", "Day (UTC) that the row is filed under; from the folder, not in the file.", "2025-12-24"),
    "outlet": ("string", "Slug of the outlet; from the folder, not in the file.", "caliber.az"),
}
_COLUMNS = ("description", "example", "unit", "since")


def flatten_fields(schema: pa.Schema) -> Iterator[tuple[str, pa.Field]]:
    """Gives every field with its path, fields within structs and lists of structs included."""
    for field in schema:
        yield from _flatten(field.name, field)


def _flatten(path: str, field: pa.Field) -> Iterator[tuple[str, pa.Field]]:
    yield path, field
    inner, kind = path, field.type
    if pa.types.is_list(kind):
        inner, kind = f"{path}[]", kind.value_type
    if pa.types.is_struct(kind):
        for child in kind:
            yield from _flatten(f"{inner}.{child.name}", child)


def type_name(kind: pa.DataType) -> str:
    """Short name of a type: the members of a struct stand in lines of their own.

    >>> type_name(pa.list_(pa.struct([("a", pa.int32())]))), type_name(pa.timestamp("us", "UTC"))
    ('list<struct>', 'timestamp[us, UTC]')
    """
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return "struct"
    if pa.types.is_timestamp(kind):
        return f"timestamp[{kind.unit}, {kind.tz}]"
    return {"double": "float64", "float": "float32", "date32[day]": "date32"}.get(str(kind), str(kind))


def compare_schemas(older: pa.Schema, newer: pa.Schema) -> list[str]:
    """What became of the columns, a line each: `+ name type`, `- name type`, `~ name type → type`."""
    old, new = ({path: type_name(field.type) for path, field in flatten_fields(s)} for s in (older, newer))
    added = [f"+ {path} {kind}" for path, kind in new.items() if path not in old]
    gone = [f"- {path} {kind}" for path, kind in old.items() if path not in new]
    changed = [f"~ {path} {old[path]} → {kind}" for path, kind in new.items() if old.get(path, kind) != kind]
    return added + gone + changed


def describe_schemas() -> dict[str, list[dict[str, Any]]]:
    """All columns of all datasets as plain values, for `newsmill schema --json`."""
    described = {}
    for name, schema in DATASETS.items():
        columns = []
        for path, field in flatten_fields(schema):
            metadata = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
            about = {key: metadata.get(key, "") for key in _COLUMNS}
            columns.append({"column": path, "type": type_name(field.type), "nullable": field.nullable, **about})
        for partition in ("date", "outlet") if name != "quarantine" else ("date",):
            kind, description, example = _PARTITIONS[partition]
            about = {"description": description, "example": example, "unit": "", "since": "1"}
            columns.append({"column": partition, "type": kind, "nullable": False, **about})
        described[name] = columns
    return described


def schema_markdown() -> str:
    """Makes docs/schema.md."""
    lines = [
        "# The tables",
        "",
        f"Schema version {SCHEMA_VERSION}. Made from `schemas/` by `newsmill schema --markdown`: change it there.",
        "Every column carries this description in its Arrow field metadata, so it travels with the files.",
        "",
        "`views.sql` at the root of an output makes DuckDB views of them: `events` (the latest version of each",
        "article), `events_all` (every row), `articles`, `stories` (one row a story), `happenings` (one row a",
        "real-world event), `quarantine` and `runs` (one row a run).",
    ]
    for name, columns in describe_schemas().items():
        lines += ["", f"## {name}", "", _ABOUT[name], "", "| column | type | description | example | unit | since |"]
        lines.append("|---|---|---|---|---|---|")
        for column in columns:
            need = "" if column["nullable"] else " Never null."
            cells = [f"`{column['column']}`", column["type"].replace("|", "\\|"), column["description"] + need]
            cells += [f"`{column['example']}`" if column["example"] else "", column["unit"], column["since"]]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def errors_markdown() -> str:
    """Makes docs/errors.md."""
    lines = [
        "# Why an input stands in quarantine",
        "",
        "The column `reason` of the `quarantine` table is one of these. Made from `schemas/quarantine.py` by",
        "`newsmill schema --errors`: change it there.",
        "",
        "| reason | meaning |",
        "|---|---|",
    ]
    lines += [f"| `{reason}` | {sentence} |" for reason, sentence in REASONS.items()]
    return "\n".join(lines) + "\n"
