"""Arrow fields that carry their own description, as the field metadata of the published files."""

import pyarrow as pa

SCHEMA_VERSION = "1"

TIMESTAMP = pa.timestamp("us", tz="UTC")


def described(
    name: str,
    kind: pa.DataType,
    description: str,
    *,
    example: str,
    unit: str = "",
    since: str = "1",
    nullable: bool = True,
) -> pa.Field:
    """Makes a field with `description`, `example`, `unit` (empty for what has none) and `since` (schema version) in its metadata."""
    metadata = {"description": description, "example": example, "unit": unit, "since": since}
    return pa.field(name, kind, nullable=nullable, metadata=metadata)


def versioned(fields: list[pa.Field]) -> pa.Schema:
    """Makes a schema whose file metadata names `schema_version`."""
    return pa.schema(fields, metadata={"schema_version": SCHEMA_VERSION})
