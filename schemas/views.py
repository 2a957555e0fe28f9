"""`views.sql`: DuckDB views over exactly the files that the manifests name."""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from schemas.article import ARTICLES
from schemas.event import EVENTS
from schemas.fields import SCHEMA_VERSION
from schemas.listing import LISTS, REVISED, Listing, decode_paths, encode_paths, list_expression, version_named
from schemas.quarantine import QUARANTINE

DATASETS: dict[str, pa.Schema] = {"events": EVENTS, "articles": ARTICLES, "quarantine": QUARANTINE}

_ERAS = ("older", "current")
_HEADER = re.compile(r"^-- newsmill tree as of run (\S+), sequence (\d+)$", re.MULTILINE)

_TEXT = r"""-- newsmill tree as of run {run_id}, sequence {sequence}
-- Loading this file into DuckDB takes a snapshot: the views read exactly the files that the manifests name up to this
-- run. Load it again to see newer runs. For a tree that was moved, first: SET VARIABLE newsmill_root = '/new/place';

CREATE OR REPLACE VIEW events_all AS
{events_rows};

CREATE OR REPLACE VIEW articles AS
{articles_rows};

CREATE OR REPLACE VIEW quarantine AS
{quarantine_rows};

-- The events of the latest version of each article. A new version has rows of its own for what it adds; an event read
-- in an earlier version counts as long as its sentence still stands in the latest text, and is shown with its place there. Where `--text none` left
-- no text to look it up in, it is shown as it was read.
CREATE OR REPLACE VIEW events AS
WITH latest AS (
  SELECT article_id, max(version) AS version, arg_max(text, version) AS text
  FROM (
{revised_rows})
  GROUP BY article_id
)
SELECT {current_columns}
FROM events_all AS e LEFT JOIN latest ON latest.article_id = e.article_id
WHERE latest.article_id IS NULL OR e.article_version >= latest.version OR latest.text IS NULL
  OR contains(latest.text, e.evidence);

-- One row a story: its canonical article (where that has expired, its first copy) and what else belongs to it.
CREATE OR REPLACE VIEW stories AS
SELECT story_id,
{canonical_columns},
  min(published_at) AS published_at, min(first_seen_at) AS first_seen_at,
  count(DISTINCT article_id) AS articles, list_sort(list_distinct(list(outlet))) AS outlets
FROM articles GROUP BY story_id;

-- One row a real-world event that mentions in several stories share.
CREATE OR REPLACE VIEW happenings AS
SELECT happening_id, arg_max(kind, confidence) AS kind, min(event_start) AS event_start, max(event_end) AS event_end,
  arg_max(evidence, confidence) AS evidence, arg_max(event_id, confidence) AS event_id,
  count(*) AS mentions, count(DISTINCT story_id) AS stories, list_sort(list_distinct(list(outlet))) AS outlets,
  max(confidence) AS confidence
FROM events WHERE happening_id IS NOT NULL GROUP BY happening_id;

CREATE OR REPLACE VIEW runs AS
SELECT sequence, run_id, kind, CAST(started_at AS TIMESTAMPTZ) AS started_at,
  CAST(finished_at AS TIMESTAMPTZ) AS finished_at, counters.total.inputs AS inputs, counters.total.new AS new,
  counters.total.versions AS versions, counters.total.copies AS copies, counters.total.known AS known,
  counters.total.quarantined AS quarantined, len(files) AS files, runner, engine
FROM read_json(regexp_replace({root}, '([*?\[])', '[\1]', 'g') || '/_runs/*.json', format = 'auto', maximum_object_size = 1073741824, columns = {{
  sequence: BIGINT, run_id: VARCHAR, kind: VARCHAR, started_at: VARCHAR, finished_at: VARCHAR, runner: VARCHAR,
  engine: VARCHAR, files: 'JSON[]', counters: 'STRUCT(total STRUCT(inputs BIGINT, "new" BIGINT, versions BIGINT,
  copies BIGINT, known BIGINT, quarantined BIGINT))'}})
WHERE sequence <= {sequence} ORDER BY sequence;
"""


def views_sql(root: str, listing: Listing, run_id: str, sequence: int) -> str:
    """Makes the text of `views.sql`.

    Args:
        root: absolute path or URI of the tree.
        listing: its files.
        run_id: of the newest manifest.
        sequence: of the newest manifest.
    """
    eras = (listing.older, listing.current)
    blocks = {
        (name, era): encode_paths(paths.get(name, ())) for era, paths in zip(_ERAS, eras, strict=True) for name in LISTS
    }
    return _write(root, blocks, run_id, sequence)


def extend_views(
    text: str, previous: tuple[str, int], root: str, files: Mapping[str, Sequence[str]], run_id: str, sequence: int
) -> str | None:
    """Makes the text of `views.sql` from the one before it and the files that a run of this schema version adds.

    Lists are taken over as they stand, not read and written anew path by path.

    Returns:
        The text; None where the one before is not of run and sequence `previous`.
    """
    before = _blocks(text)
    if before is None or before[:2] != previous:
        return None
    blocks = before[2]
    for name in LISTS:
        blocks[name, "current"] += encode_paths(files.get(name, ()))
    return _write(root, blocks, run_id, sequence)


def listed_files(text: str) -> tuple[str, int, Listing] | None:
    """Reads run_id, sequence and the files back out of views_sql's text; None where it is none of ours."""
    found = _blocks(text)
    if found is None:
        return None
    older, current = ({name: decode_paths(name, found[2][name, era]) for name in LISTS} for era in _ERAS)
    return found[0], found[1], Listing(older, current)


def commit_named(text: str) -> tuple[str, int] | None:
    """Run_id and sequence that a text of views is as of, whichever newsmill wrote it; None where it is none of ours."""
    header = _HEADER.search(text, 0, 1000)
    return (header[1], int(header[2])) if header is not None else None


def _blocks(text: str) -> tuple[str, int, dict[tuple[str, str], str]] | None:
    """Run_id, sequence and the lines of each list by era; what another schema version wrote is older as a whole."""
    commit = commit_named(text)
    if commit is None:
        return None
    blocks: dict[tuple[str, str], str] = {}
    for name in LISTS:
        for era in _ERAS:
            mark, end = f"\n  -- {name} {era} begin\n", f"  -- {name} {era} end\n"
            begin = text.find(mark)
            if begin < 0 and era == "current":
                return None
            blocks[name, era] = text[begin + len(mark) : text.index(end, begin)] if begin >= 0 else ""
    if version_named(text) != SCHEMA_VERSION:
        for name in LISTS:
            blocks[name, "older"] += blocks[name, "current"]
            blocks[name, "current"] = ""
    return *commit, blocks


def _write(root: str, blocks: Mapping[tuple[str, str], str], run_id: str, sequence: int) -> str:
    here = f"coalesce(getvariable('newsmill_root'), {_quoted(root)})"
    columns = {
        "events": _columns([*EVENTS.names, "date", "outlet"]),
        "articles": _columns([*ARTICLES.names, "date", "outlet"]),
        "quarantine": _columns([*QUARANTINE.names, "date"]),
        REVISED: "article_id, version, text",
    }
    return _TEXT.format(
        run_id=run_id,
        sequence=sequence,
        root=here,
        current_columns=_current_columns(),
        canonical_columns=_canonical_columns(),
        **{f"{name}_rows": _rows(name, columns[name], here, blocks) for name in LISTS},
    )


def _rows(name: str, columns: str, root: str, blocks: Mapping[tuple[str, str], str]) -> str:
    """A SELECT of all rows of a list. `union_by_name` opens every file before it reads one: only where columns may be missing."""
    types = "{'date': DATE}" if name == "quarantine" else "{'date': DATE, 'outlet': VARCHAR}"
    selects = []
    for era in _ERAS:
        lines = blocks[name, era]
        if era == "older" and not lines:
            continue
        marked = f"  -- {name} {era} begin\n{lines}  -- {name} {era} end\n"
        options = f"hive_partitioning = true, hive_types = {types}{', union_by_name = true' if era == 'older' else ''}"
        selects.append(f"SELECT {columns}\nFROM read_parquet({list_expression(name, root, marked)},\n  {options})")
    return "\nUNION ALL\n".join(selects)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _current_columns() -> str:
    """Events columns in which version and offsets are those of the latest version."""
    moved = "latest.version > e.article_version AND latest.text IS NOT NULL"
    shown = {
        "article_version": f"CASE WHEN {moved} THEN latest.version ELSE e.article_version END",
        "evidence_start": f"CASE WHEN {moved} THEN CAST(strpos(latest.text, e.evidence) - 1 AS INTEGER) "
        "ELSE e.evidence_start END",
        "evidence_end": f"CASE WHEN {moved} THEN CAST(strpos(latest.text, e.evidence) - 1 + e.evidence_end "
        "- e.evidence_start AS INTEGER) ELSE e.evidence_end END",
    }
    return ", ".join(f"{shown[n]} AS {n}" if n in shown else f'e."{n}"' for n in [*EVENTS.names, "date", "outlet"])


def _canonical_columns() -> str:
    """Columns of a story's canonical article in its latest version; of its first copy where that has expired."""
    order = "ORDER BY duplicate_of IS NOT NULL, version DESC, published_at, article_id"
    names = ("article_id", "title", "url", "outlet", "language")
    return ",\n".join(f"  first({name} {order}) AS {name}" for name in names)
