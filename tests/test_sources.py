from pathlib import Path

import pytest

from schemas.source import SourceSettings
from transforms.read.sources import resolve_inputs

A, B = "https://a.example/rss", "https://b.example/rss"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.xml", "a.xml", "page.html.gz", "notes.pdf", "sub/c.jsonl", ".hidden.xml", "_temp/d.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return tmp_path


def names(resolved) -> list[str]:
    return [source.uri.rpartition("/")[2] for source in resolved.sources]


def test_a_path(folder):
    (source,) = resolve_inputs(["a.xml"], SourceSettings(outlet="A")).sources
    assert (source.uri, source.kind, source.settings.outlet) == ((folder / "a.xml").as_uri(), "file", "A")


def test_a_glob_is_sorted(folder):
    assert names(resolve_inputs([f"{folder}/*.xml"])) == ["a.xml", "b.xml"]


def test_a_folder_is_read_for_what_can_be_read(folder):
    assert names(resolve_inputs(["."])) == ["a.xml", "b.xml", "page.html.gz", "c.jsonl"]


def test_named_twice_read_once(folder):
    inputs = [
        "a.xml",
        "*.xml",
        f"{folder}/a.xml",
        (folder / "a.xml").as_uri(),
        "./sub/../a.xml",
        A,
        "HTTPS://A.example:443/rss",
    ]
    assert names(resolve_inputs(inputs)) == ["a.xml", "b.xml", "rss"]


def test_a_name_with_odd_characters(folder):
    (folder / "a [1] 100%.xml").write_text("x")
    (source,) = resolve_inputs(["a [1] 100%.xml"]).sources
    assert source.uri.endswith("/a%20%5B1%5D%20100%25.xml")
    assert resolve_inputs([source.uri]).sources == (source,)


@pytest.mark.parametrize("pattern", ["missing.xml", "*.atom", "azfs://x/y.xml", "/no/such/folder/*.xml", ""])
def test_nothing_there(folder, pattern):
    resolved = resolve_inputs(["a.xml", pattern])
    assert (names(resolved), resolved.unmatched) == (["a.xml"], (pattern,))


@pytest.mark.parametrize(
    "address",
    ["ftp://a.example/x", "gopher://a.example/", "data:text/xml,<rss/>", "javascript:alert(1)", "nowhere://x/y"],
)
def test_an_address_that_is_never_fetched_is_no_missing_file(folder, address):
    resolved = resolve_inputs(["a.xml", address])
    assert (names(resolved), resolved.unmatched) == (["a.xml"], ())
    assert [(f.stage, f.reason, f.source_uri) for f in resolved.failures] == [("fetch", "address-refused", address)]


def test_a_file_whose_name_has_a_colon_is_a_file(folder):
    (folder / "data:1.xml").write_text("x")
    assert names(resolve_inputs(["data:1.xml"])) == ["data%3A1.xml"]


@pytest.mark.parametrize("address", ["file://a.example/x", "ftp://a.example/x"])
def test_no_web_address(folder, address):
    assert resolve_inputs([address]).sources == ()


def test_urls():
    resolved = resolve_inputs([A, "feed:b.example/rss", "https://"])
    assert [(s.uri, s.kind) for s in resolved.sources] == [(A, "live"), (B, "live")]
    assert [f.reason for f in resolved.failures] == ["not-an-address"]


def test_lists(folder):
    (folder / "l.txt").write_text(f"# list\n{A}\nhttps:///x\nfile:///etc/passwd\n")
    (folder / "l.opml").write_text(f'<opml><body><outline xmlUrl="{A}"/><outline xmlUrl="{B}"/></body></opml>')
    (folder / "l.yaml").write_text("feeds: [https://c.example/rss]")
    (folder / "l.yml").write_text("feeds: {")
    resolved = resolve_inputs(["l.*", "l.txt"], SourceSettings(language="en"))
    assert [s.uri for s in resolved.sources] == [A, B, "https://c.example/rss"]
    assert {s.settings.language for s in resolved.sources} == {"en"}
    assert [(f.stage, f.reason, f.source_uri.rpartition("/")[2]) for f in resolved.failures] == [
        ("parse", "not-an-address", "l.txt"),
        ("fetch", "address-refused", "l.txt"),
        ("parse", "parse-error", "l.yml"),
    ]
    assert "line 3" in resolved.failures[0].detail


def test_a_capture_is_no_list(folder):
    (folder / "capture.txt").write_text("Harbour reopens\n\nThe harbour reopened on Monday.\nhttps://a.example/more\n")
    assert names(resolve_inputs(["capture.txt"])) == ["capture.txt"]


def test_an_unknown_time_zone_is_said_and_left_out(folder):
    (folder / "l.yaml").write_text(
        f"feeds:\n- {{url: {A}, timezone: Europe/Atlantis}}\n- {{url: {B}, timezone: ../../etc}}"
    )
    resolved = resolve_inputs(["l.yaml"])
    assert [s.settings.timezone for s in resolved.sources] == [None, None]
    assert ["Europe/Atlantis" in resolved.warnings[0], "../../etc" in resolved.warnings[1]] == [True, True]


def test_a_list_that_cannot_be_read(folder):
    (folder / "empty.opml").write_text(" \n")
    (folder / "none.opml").write_text("<opml><body/></opml>")
    assert [f.reason for f in resolve_inputs(["empty.opml", "none.opml"]).failures] == ["empty", "empty"]


def test_lists_alone_are_read_by_what_they_are(folder):
    (folder / "l.txt").write_text("a.example/rss\nb.example/rss\n")
    (folder / "subscriptions.xml").write_text(f'<opml><body><outline xmlUrl="{A}"/></body></opml>')
    assert names(resolve_inputs(["l.txt", "subscriptions.xml"])) == ["l.txt", "subscriptions.xml"]
    resolved = resolve_inputs(["l.txt", "subscriptions.xml"], only_lists=True)
    assert ([s.uri for s in resolved.sources], [f.detail[:6] for f in resolved.failures]) == ([A], ["line 1", "line 2"])
