"""Replay: what was quarantined comes again after a fix, from what was kept of it, and only it."""

import pytest
from test_live_runs import LOCAL, asked, list_feeds, make_page, make_text, site  # noqa: F401
from whole_runs import assert_adds_up, manifests, newsmill, query, record, write_records

import transforms.annotate.stage
from pipeline.replay import Wanted
from transforms.annotate.model import AnnotateError
from transforms.article.extract_stage import extract_or_fail
from transforms.read.cage import Cage, CageError
from transforms.store.commit import Tree
from transforms.store.validate import validate_tree


def total(output):
    counts = manifests(output)[-1]["counters"]["total"]
    return {name: number for name, number in counts.items() if number}


def rows(output):
    return query(output, "SELECT stage, reason, url, run_id FROM quarantine ORDER BY ALL")


def break_annotation(monkeypatch, word):
    """The model fails on texts with a word."""
    real = transforms.annotate.stage.annotate_texts

    def broken(texts, nlp):
        texts = list(texts)
        if any(word in text for text in texts):
            raise AnnotateError("annotate-failed", "no such luck")
        return real(texts, nlp)

    monkeypatch.setattr(transforms.annotate.stage, "annotate_texts", broken)


def break_extraction(monkeypatch, word):
    """Extraction does not come to an end on pages with a word."""
    real = Cage.run

    def broken(cage, function, *given):
        if function is extract_or_fail and word in (given[0].html or ""):
            raise CageError("parse-timeout", "not in time")
        return real(cage, function, *given)

    monkeypatch.setattr(Cage, "run", broken)


def test_articles_of_a_file_come_again_once_the_model_takes_them(tmp_path, monkeypatch):
    output = tmp_path / "out"
    texts = {n: f"Tale {n} of the harbour at Vell. " + record(n)["text"] for n in range(3)}
    texts[1] = "The mayor of Tollen met the bishop of Brask on Friday. They spoke about bells and about the old clock."
    source = write_records(tmp_path / "in.jsonl", *(record(n, text=t) for n, t in texts.items()), "{no json")
    with monkeypatch.context() as patched:
        break_annotation(patched, "bishop")
        newsmill("run", "--input", source, "--output", output, "--run-id", "r1")
    assert [row[:2] for row in rows(output)] == [("annotate", "annotate-failed"), ("parse", "bad-json")]
    before = query(output, "SELECT count(*) FROM articles")

    code, said = newsmill("replay", "--output", output, "--stage", "annotate", "--run-id", "again")
    assert code == 0, said
    assert "1 new" in said
    # The file is read again whole: its other bad line is answered too, by a row of the replay.
    assert total(output) == {"inputs": 4, "new": 1, "known": 2, "quarantined": 1}
    assert [(row[0], row[3]) for row in rows(output)] == [("parse", "again")]
    assert query(output, "SELECT count(*) FROM articles") == [(before[0][0] + 1,)]
    assert query(output, "SELECT kind FROM events WHERE run_id = 'again'") == [("meeting",)]
    assert query(output, "SELECT duplicate_of FROM articles WHERE run_id = 'again'") == [(None,)]
    assert list(validate_tree(Tree(str(output)))) == []

    code, said = newsmill("run", "--input", source, "--output", output, "--run-id", "r2")
    assert total(output) == {"inputs": 4, "known": 4}, said


def test_pages_come_again_from_what_was_landed_and_nothing_is_fetched(site, tmp_path, monkeypatch):  # noqa: F811
    output = tmp_path / "out"
    site.add("vell")
    site.add("brask")
    site.add("tollen", 404)
    site.add("harrow", make_page("Soon", "Soon."))
    inputs = list_feeds(site, output)
    with monkeypatch.context() as patched:
        break_extraction(patched, "Brask")
        newsmill("run", "--input", inputs, "--output", output, "--run-id", "r1", *LOCAL)
    found = {(stage, url.rpartition("/")[2]) for stage, _, url, _ in rows(output)}
    assert found == {("extract", "brask"), ("extract", "harrow"), ("fetch", "tollen")}
    requests = len(site.feeds.requests), len(site.pages.requests)

    code, said = newsmill("replay", "--output", output, "--reason", "parse-timeout")
    assert code == 0, said
    assert (len(site.feeds.requests), len(site.pages.requests)) == requests
    assert total(output) == {"inputs": 4, "new": 1, "known": 2, "quarantined": 1}, said
    left = {(stage, url.rpartition("/")[2]) for stage, _, url, _ in rows(output)}
    assert left == {("extract", "harrow"), ("fetch", "tollen")}
    texts = query(output, "SELECT text, first_seen_at FROM articles ORDER BY first_seen_at")
    assert len(texts) == 2
    assert make_text("brask").splitlines()[0] in texts[1][0]
    assert list(validate_tree(Tree(str(output)))) == []

    # What is known of the feed is as the run left it: nothing is asked for again but what may have changed.
    site.add("osprey")
    newsmill("run", "--input", inputs, "--output", output, "--run-id", "r2", *LOCAL)
    assert total(output) == {"inputs": 5, "new": 1, "known": 4}
    assert asked(site) == ["brask", "harrow", "osprey", "tollen", "vell"]

    # What was never fetched can't be read again, and what failed again can, a second time.
    code, said = newsmill("replay", "--output", output)
    assert "1 can't be read again" in said
    assert total(output)["quarantined"] == 1
    assert len(rows(output)) == 2


def test_a_replay_with_nothing_to_do_leaves_the_tree_alone(tmp_path):
    output = tmp_path / "out"
    source = write_records(tmp_path / "in.jsonl", record(1), "{no json")
    newsmill("run", "--input", source, "--output", output)
    assert_adds_up(output)
    source.unlink()
    for argv, words in (((), "1 can't be read again"), (("--stage", "extract"), "nothing to replay")):
        code, said = newsmill("replay", "--output", output, *argv)
        assert (code, words in said) == (0, True), said
    assert len(manifests(output)) == 1


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(Wanted(), True), (Wanted("parse", "bad-json", "r1"), True), (Wanted(stage="fetch"), False), (Wanted(run_id="r2"), False)],
)  # fmt: skip
def test_all_that_is_asked_of_a_row_has_to_hold(wanted, expected):
    assert wanted.has({"stage": "parse", "reason": "bad-json", "run_id": "r1"}) is expected
