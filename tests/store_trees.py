"""Small trees for the tests of the store: runs made by hand, without Beam, and what a reader sees of them."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from factories import RUN_START, make_article, make_event, make_failure

from schemas.article import Article
from schemas.event import Event
from schemas.manifest import Counts, Manifest, StagedFile
from schemas.quarantine import Failure
from transforms.store.commit import Tree
from transforms.store.rows import article_leaf, article_row, event_leaf, event_row, failure_leaf, failure_row
from transforms.store.state import StateTable
from transforms.store.write import stage_leaf, stage_state

SEEN = StateTable("noted", pa.schema([("url", pa.string()), ("version", pa.int32())]), "test-1", ("url",))
VIEWS = ("events", "events_all", "articles", "stories", "happenings", "quarantine", "runs")


def stage_run(
    tree: Tree,
    run_id: str,
    articles: list[Article],
    events: list[Event] = (),
    failures: list[Failure] = (),
    first_seen_at: dt.datetime = RUN_START,
) -> list[StagedFile]:
    """Stages what a run of these records stages."""
    filed: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for article in articles:
        filed.setdefault(("articles", article_leaf(article)), []).append(article_row(article, run_id))
    for event in events:
        filed.setdefault(("events", event_leaf(event)), []).append(event_row(event, run_id))
    for failure in failures:
        row = failure_row(failure, run_id, first_seen_at)
        filed.setdefault(("quarantine", failure_leaf(first_seen_at)), []).append(row)
    staged = [stage_leaf(((folder, 0), rows), dataset, tree, run_id) for (dataset, folder), rows in filed.items()]
    if articles:
        seen = [{"url": article.body.url, "version": article.version} for article in articles]
        staged.append(stage_state(("", seen), SEEN, tree, run_id))
    return staged


def draft_of(run_id: str, articles: list[Article], failures: list[Failure] = ()) -> Manifest:
    """The draft of a manifest whose counters agree with the records."""
    outlets: dict[str, dict[str, int]] = {}
    for article in articles:
        row = outlets.setdefault(article.body.outlet, {})
        kind = "copies" if article.duplicate_of else "new" if article.version == 1 else "versions"
        row[kind] = row.get(kind, 0) + 1
    for failure in failures:
        row = outlets.setdefault(failure.outlet, {})
        row["quarantined"] = row.get("quarantined", 0) + 1
    counted = {name: Counts(**row) for name, row in outlets.items()}
    total = Counts(**{f: sum(getattr(c, f) for c in counted.values()) for f in Counts.__dataclass_fields__})
    return Manifest(run_id, RUN_START.isoformat(), total=total, outlets=counted, schema_version="1")


def commit_run(
    tree: Tree,
    run_id: str,
    articles: list[Article],
    events: list[Event] = (),
    failures: list[Failure] = (),
    **options: Any,
) -> Manifest:
    """Recovers, stages and commits one run."""
    tree.recover()
    staged = stage_run(tree, run_id, articles, events, failures)
    return tree.commit(draft_of(run_id, articles, failures), staged, **options)


def story(number: int, **changes: Any) -> tuple[list[Article], list[Event], list[Failure]]:
    """Records of a run of one article with one event, and of one failure, all different for each number."""
    text = f"Minister {number} of Norland met the envoy of Sudland on Monday.\nThe talks lasted {number + 1} hours."
    article = make_article(
        text, url=f"https://herald.example/{number}", outlet=f"outlet{number % 3}.example", **changes
    )
    return [article], [make_event(article)], [make_failure(source_uri=f"file:///in/{number}.xml")]


def connect(root: str | Path, moved_to: str | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the views of a tree."""
    connection = duckdb.connect()
    if moved_to is not None:
        connection.execute(f"SET VARIABLE newsmill_root = '{moved_to}'")
    connection.execute((Path(moved_to or root) / "views.sql").read_text())
    return connection


def snapshot(root: str | Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a tree as a reader sees them, without the columns that may differ between runs."""
    return shown_rows(connect(root))


def shown_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a connection with the views, as `snapshot` gives them."""
    shown = {}
    for view in ("events_all", "events", "articles", "quarantine"):
        columns = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
        kept = [f'"{name}"' for name in columns if name not in ("run_id", "first_seen_at", "fetched_at")]
        rows = connection.execute(f"SELECT {', '.join(kept)} FROM {view}").fetchall()
        shown[view] = sorted(rows, key=repr)
    return shown


def glob_counts(root: str | Path) -> dict[str, int]:
    """Rows by dataset as a reader of the plain globs sees them."""
    base = Path(root)
    return {
        dataset: sum(pq.read_metadata(path).num_rows for path in base.glob(f"{dataset}/**/*.parquet"))
        for dataset in ("events", "articles", "quarantine")
    }


def leftovers(root: str | Path) -> list[str]:
    """Files of the tree that should not outlive a finished run."""
    base = Path(root)
    return sorted(
        path.relative_to(base).as_posix()
        for folder in ("_staging", "_runs/_intents")
        for path in (base / folder).glob("**/*")
        if path.is_file()
    )
