"""A small tree of every released schema version, kept packed in tests/trees.

`python tests/released_trees.py` makes the one of this version; do it once, when the version is released, and never
again: later versions are held to read what that newsmill wrote.
"""

import json
import tarfile
import tempfile
from pathlib import Path

from store_trees import connect
from whole_runs import STORY, newsmill, record, write_records

from schemas.fields import SCHEMA_VERSION

FOLDER = Path(__file__).parent / "trees"
VIEWS = ("events", "events_all", "articles", "stories", "quarantine", "runs")

GROWN = STORY + "\nOn Friday Norway withdrew from the fisheries agreement with Iceland, its prime minister said."


def packed_trees():
    """The kept trees, oldest schema first."""
    return sorted(FOLDER.glob("schema-*.tar.gz"), key=lambda path: int(path.name.split("-")[1].split(".")[0]))


def unpack_tree(packed, folder):
    """Unpacks a kept tree; its root and what its views showed to the newsmill that made it."""
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "out", json.loads((folder / "shown.json").read_text())


def show_views(root):
    """{view: rows as {column: text}} of a tree, in an order of their own; whatever place it was moved to."""
    connection = connect(root, moved_to=str(root))
    shown = {}
    for view in VIEWS:
        result = connection.execute(f"SELECT * FROM {view}")
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, map(str, row), strict=True)) for row in result.fetchall()]
        shown[view] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return shown


def make_tree(folder):
    """Two runs: articles, a copy, a new version, a quarantined record, events of several kinds."""
    first = [record(1, text=STORY), record(2, text=STORY, outlet="Sudland Post"), record(3), "no record"]
    second = [record(1, text=GROWN), record(4)]
    for number, records in enumerate((first, second)):
        source = write_records(folder / f"in{number}.jsonl", *records)
        argv = ("--output", folder / "out", "--run-id", f"r{number}", "--max-quarantine", "1")
        code, said = newsmill("run", "--input", source, *argv)
        assert code == 0, said
    return folder / "out"


def main():
    """Packs the tree of this version."""
    target = FOLDER / f"schema-{SCHEMA_VERSION}.tar.gz"
    with tempfile.TemporaryDirectory() as scratch:
        root = make_tree(Path(scratch))
        shown = Path(scratch) / "shown.json"
        shown.write_text(json.dumps(show_views(root), ensure_ascii=False, indent=1, sort_keys=True))
        with tarfile.open(target, "w:gz") as archive:
            archive.add(root, "out")
            archive.add(shown, "shown.json")


if __name__ == "__main__":
    main()
