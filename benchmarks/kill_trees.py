"""The trees that benchmarks/kill.py kills, and the verbs that it kills them by."""

import argparse
import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from factories import make_article, make_event
from kill_tools import Place
from store_trees import commit_run, draft_of, stage_run, story
from whole_runs import record, write_records

import transforms.annotate.stage
from pipeline.__main__ import main as newsmill
from pipeline.maintain import hold_tree
from pipeline.replay import Wanted, find_rows
from schemas.fields import SCHEMA_VERSION
from schemas.manifest import Manifest
from transforms.annotate.model import AnnotateError
from transforms.article.identity import address_key, article_id
from transforms.land.outcome import Fetched
from transforms.land.warc import Landed, SegmentWriter
from transforms.store.commit import Tree
from transforms.store.lock import TreeLock, utc_now
from transforms.store.rewrite import compact_leaves, drop_failures

RUNS_BEFORE = 7  # The eighth merges state segments.
FORGET = "https://herald.example/forget-me"
DAY = dt.timedelta(days=1)


def run_next(root: str) -> int:
    """A scheduled run of one new article with an event, and a failure; deletes what is due."""
    with TreeLock(root, "r7") as lock:
        tree = Tree(root)
        tree.recover()
        if tree.manifest("r7") is None:
            commit_run(tree, "r7", *story(7), held=lock.number, keep_landing=dt.timedelta())
    return 0


def replay_annotated(root: str) -> int:
    """The commit of a replay: what came of the quarantined rows of earlier runs takes their place."""
    with hold_tree(argparse.Namespace(output=root, run_id=None), "replay") as held:
        if find_rows(held.tree, Wanted(run_id="r2")):
            run_id = held.draft.run_id
            rewrite = drop_failures(held.tree, run_id, lambda row: row["run_id"] != "r7")
            articles, events, _ = story(50)
            staged = [*stage_run(held.tree, run_id, articles, events), *rewrite.staged]
            draft = dataclasses.replace(draft_of(run_id, articles), kind="replay")
            held.tree.commit(draft, staged, removed=rewrite.removed, held=held.number)
    return 0


def verb(*arguments: str) -> Callable[[str], int]:
    """A verb of the command line."""
    return lambda root: newsmill([*arguments, "--output", root])


@dataclasses.dataclass(frozen=True)
class Verb:
    """What is killed.

    Attributes:
        act: does it on a tree and gives its exit code.
        base: the tree that it is done on.
        shrinks: it takes rows away, so a reader rightly sees fewer.
        read: a reader looks on; not where a verb is documented to break loaded snapshots.
    """

    act: Callable[[str], int]
    base: str = "base"
    shrinks: bool = False
    read: bool = True


VERBS = {
    "run": Verb(run_next),
    "compact": Verb(verb("compact", "--before", "2026-12-31")),
    "expire": Verb(verb("expire", "--older-than", "2026-03-03"), shrinks=True),
    "expire-now": Verb(verb("expire", "--older-than", "2026-03-03", "--now"), shrinks=True, read=False),
    "forget": Verb(verb("forget", FORGET), shrinks=True),
    "forget-now": Verb(verb("forget", FORGET, "--now"), shrinks=True, read=False),
    "reextract": Verb(verb("reextract", "--since", "2000-01-01"), shrinks=True),
    "replay": Verb(replay_annotated, shrinks=True),
    "rebuild-state": Verb(verb("rebuild-state")),
}


def prepare(place: Place) -> None:
    """Makes the tree `base`: runs, a compaction whose old files are due, landed bytes."""
    tree = Tree(place.root("base"))
    name = article_id(address_key("herald.example", FORGET))
    to_forget = make_article("Norland met Sudland in Port Vell.", url=FORGET, article_id=name)
    for number in range(RUNS_BEFORE):  # two days ago, so that the next run deletes what the compaction replaced
        articles, events, failures = story(number)
        if number == 3:
            articles, events = [*articles, to_forget], [*events, make_event(to_forget)]
        commit_run(tree, f"r{number}", articles, events, failures, now=lambda: utc_now() - 2 * DAY)
        if number == 3:
            rewrite = compact_leaves(tree, "c3", dt.date(2026, 12, 31))
            draft = Manifest("c3", utc_now().isoformat(), "compact", schema_version=SCHEMA_VERSION)
            tree.commit(draft, rewrite.staged, removed=rewrite.removed, now=lambda: utc_now() - 2 * DAY)
    tree.land("r3", "pages-0.warc.gz", landed_page(FORGET))


def landed_page(url: str) -> bytes:
    """A landed file that holds the answer of an address."""
    writer = SegmentWriter()
    writer.add(Landed(url, "https://herald.example/feed.xml", Fetched(url, 200, b"<p>Words.</p>", utc_now())))
    return writer.finish()


def prepare_failed(place: Place, records: Path) -> None:
    """Makes the tree `failed`: a run of a file, of which some records could not be annotated, and what is in `base`."""
    real = transforms.annotate.stage.annotate_texts

    def broken(texts, nlp):
        texts = list(texts)
        if any("bishop" in text for text in texts):
            raise AnnotateError("annotate-failed", "no such luck")
        return real(texts, nlp)

    root = place.root("failed")
    transforms.annotate.stage.annotate_texts = broken
    newsmill(["run", "--input", str(records), "--output", root, "--run-id", "q0", "-q"])
    for number in range(RUNS_BEFORE - 1):
        commit_run(Tree(root), f"r{number}", *story(number))


def write_input(path: Path) -> None:
    """Eight records, two of them alike, and one that is none."""
    talks = "The mayor of Tollen met the bishop of Brask on Friday. They spoke about bells and about the old clock."
    texts = {n: f"Tale {n} of the harbour at Vell and of its {n + 2} cranes. " + record(n)["text"] for n in range(7)}
    texts[7] = talks
    outlets = [f"o{n % 3}.example" for n in range(8)]
    told = [record(n, text=text, outlet=outlets[n], url=f"https://{outlets[n]}/{n}") for n, text in texts.items()]
    write_records(
        path, *told, record(9, text=texts[1], outlet="copy.example", url="https://copy.example/9"), "{no json"
    )
