"""Events in those sentences of copies that no other member of their story has: how many a tree lacks (goal: none).

python benchmarks/copies.py OUTPUT_DIR
"""

import argparse
from collections import defaultdict
from pathlib import Path

import duckdb

from transforms.annotate.model import annotate_texts, load_model
from transforms.dedup.sketch import sentence_hashes
from transforms.events.extract import extract_events
from transforms.store.rows import article_of_row

STORIES = "SELECT * FROM articles WHERE story_id IN (SELECT story_id FROM articles GROUP BY ALL HAVING count(*) > 1)"


def own_hashes(text: str) -> set[int]:
    """Hashes of a text's sentences, as stories remember them."""
    return {int(value) for value in sentence_hashes(text)}


def main() -> None:
    """Prints the counts and what is lacking."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    args = parser.parse_args()
    with duckdb.connect() as connection:
        connection.execute((Path(args.output) / "views.sql").read_text())
        published = set(connection.execute("SELECT article_id, kind, evidence, trigger FROM events_all").fetchall())
        table = connection.execute(STORIES)
        names = [column[0] for column in table.description]
        rows = [dict(zip(names, values, strict=True)) for values in table.fetchall()]
    stories = defaultdict(list)
    for row in rows:
        stories[row["story_id"]].append(row)
    copies = [row for row in rows if row["duplicate_of"]]
    found, lacking = 0, []
    for row, doc in zip(copies, annotate_texts((row["text"] for row in copies), load_model()), strict=True):
        others = [own_hashes(o["text"]) for o in stories[row["story_id"]] if o["article_id"] != row["article_id"]]
        article = article_of_row({name: row[name] for name in names if name not in ("outlet", "date")}, row["outlet"])
        for event in extract_events(article, doc):
            hashes = own_hashes(event.evidence)
            if not hashes or hashes & set().union(*others):
                continue
            found += 1
            if (event.article_id, event.kind, event.evidence, event.trigger) not in published:
                lacking.append(event)
    print(f"{len(copies)} copies; {found} events in sentences of their own, {len(lacking)} of them lacking")
    for event in lacking:
        print(f"   {event.kind} {event.article_id}: {event.evidence}")


if __name__ == "__main__":
    main()
