"""`views.sql`: DuckDB views over exactly the files that the manifests name."""

import re
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from schemas.article import ARTICLES
from schemas.event import EVENTS
from schemas.fields import SCHEMA_VERSION
from schemas.quarantine import QUARANTINE

DATASETS: dict[str, pa.Schema] = {"events": EVENTS, "articles": ARTICLES, "quarantine": QUARANTINE}

# Articles files that hold a version above 1, listed once more: only they can make an older event void.
REVISED = "revised"
LISTS = (*DATASETS, REVISED)

_EMPTY = re.compile(r"'(_runs/_empty/[^']+)'")
_HEADER = re.compile(r"^-- newsmill tree as of run (\S+), sequence (\d+)$", re.MULTILINE)

_TEXT = r"""-- newsmill tree as of run {run_id}, sequence {sequence}
-- Loading this file into DuckDB takes a snapshot: the views read exactly the files that the manifests name up to this
-- run. Load it again to see newer runs. For a tree that was moved, first: SET VARIABLE newsmill_root = '/new/place';

CREATE OR REPLACE VIEW events_all AS
SELECT {events_columns}
FROM read_parquet({events_files},
  hive_partitioning = true, hive_types = {{'date': DATE, 'outlet': VARCHAR}}, union_by_name = true);

CREATE OR REPLACE VIEW articles AS
SELECT {articles_columns}
FROM read_parquet({articles_files},
  hive_partitioning = true, hive_types = {{'date': DATE, 'outlet': VARCHAR}}, union_by_name = true);

CREATE OR REPLACE VIEW quarantine AS
SELECT {quarantine_columns}
FROM read_parquet({quarantine_files},
  hive_partitioning = true, hive_types = {{'date': DATE}}, union_by_name = true);

-- The events of the latest version of each article. A new version has rows of its own for what it adds; an event read
-- in an earlier version counts as long as its sentence still stands in the latest text, and is shown with its place there. Where `--text none` left
-- no text to look it up in, it is shown as it was read.
CREATE OR REPLACE VIEW events AS
WITH latest AS (
  SELECT article_id, max(version) AS version, arg_max(text, version) AS text
  FROM read_parquet({revised_files},
    hive_partitioning = true, hive_types = {{'date': DATE, 'outlet': VARCHAR}}, union_by_name = true)
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


def empty_file(name: str) -> str:
    """Path of the zero-row file at the head of a list.

    DuckDB takes an empty list for an error, and a view finds a column in it that no older file has: there is one for
    each schema version.
    """
    folder = f"_runs/_empty/{SCHEMA_VERSION}"
    if name == "quarantine":
        return f"{folder}/quarantine/date=1970-01-01/empty.parquet"
    return f"{folder}/{'articles' if name == REVISED else name}/date=1970-01-01/outlet=unknown/empty.parquet"


def empty_files_named(text: str) -> list[str]:
    """Paths of the zero-row files that a text of views_sql names."""
    return sorted(set(_EMPTY.findall(text)))


def views_sql(root: str, files: Mapping[str, Iterable[str]], run_id: str, sequence: int) -> str:
    """Makes the text of `views.sql`.

    Args:
        root: absolute path or URI of the tree.
        files: paths below the root for each of LISTS; a list that is missing is empty.
        run_id: of the newest manifest.
        sequence: of the newest manifest.
    """
    return _write(root, {name: _lines(files.get(name, ())) for name in LISTS}, run_id, sequence)


def extend_views(
    text: str, previous: tuple[str, int], root: str, files: Mapping[str, Iterable[str]], run_id: str, sequence: int
) -> str | None:
    """Makes the text of `views.sql` from the one before it and the files that a run adds.

    A year of hourly runs names some hundred thousand files: they are taken over as they stand, not read and written
    anew one by one.

    Returns:
        The text; None where the one before is not of run and sequence `previous`.
    """
    before = _blocks(text)
    if before is None or before[:2] != previous:
        return None
    return _write(root, {name: before[2][name] + _lines(files.get(name, ())) for name in LISTS}, run_id, sequence)


def listed_files(text: str) -> tuple[str, int, dict[str, list[str]]] | None:
    """Reads run_id, sequence and the files back out of views_sql's text; None where it is none of ours."""
    found = _blocks(text)
    if found is None:
        return None
    files = {name: [line[4:-1] for line in block.splitlines()] for name, block in found[2].items()}
    return found[0], found[1], files


def _blocks(text: str) -> tuple[str, int, dict[str, str]] | None:
    """Run_id, sequence and the lines of each list."""
    header = _HEADER.search(text, 0, 1000)
    if header is None:
        return None
    blocks: dict[str, str] = {}
    end = 0
    for name in LISTS:  # In their order in the text.
        begin = text.find(f"\n  -- {name} begin\n", end)
        end = text.find(f"  -- {name} end\n", begin)
        if begin < 0 or end < 0:
            return None
        blocks[name] = text[begin + len(f"\n  -- {name} begin\n") : end]
    return header[1], int(header[2]), blocks


def _write(root: str, blocks: Mapping[str, str], run_id: str, sequence: int) -> str:
    here = f"coalesce(getvariable('newsmill_root'), {_quoted(root)})"
    lists = {
        f"{name}_files": f"list_transform([{_quoted(empty_file(name))}\n  -- {name} begin\n{blocks[name]}"
        f"  -- {name} end\n  ], lambda p: {here} || '/' || p)"
        for name in LISTS
    }
    return _TEXT.format(
        run_id=run_id,
        sequence=sequence,
        root=here,
        events_columns=_columns([*EVENTS.names, "date", "outlet"]),
        articles_columns=_columns([*ARTICLES.names, "date", "outlet"]),
        quarantine_columns=_columns([*QUARANTINE.names, "date"]),
        current_columns=_current_columns(),
        canonical_columns=_canonical_columns(),
        **lists,
    )


def _lines(paths: Iterable[str]) -> str:
    # Slugs, days and run ids hold no quotation mark.
    return "".join(f"  ,'{path}'\n" for path in paths)


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
