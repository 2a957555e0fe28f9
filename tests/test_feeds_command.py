import argparse
import json

import pytest
from loopback import reply, serve

from pipeline.commands import feeds

RSS = """<rss version="2.0"><channel><title>Pier</title>
<item><guid>1</guid><link>https://a.example/1</link><title>One</title><author>Ann Lee</author>
<pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate></item>
<item><pubDate>2026-03-02</pubDate></item></channel></rss>"""


def call(*arguments: str, verb: str = "check") -> int:
    parser = argparse.ArgumentParser()
    feeds.add_parser(parser.add_subparsers(dest="command"))
    args = parser.parse_args(["feeds", verb, *arguments])
    return args.run(args)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_text(RSS)
    (tmp_path / "page.xml").write_text("<html/>")
    return tmp_path


def test_json(folder, capsys):
    assert call("--json", "a.xml") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "uri": (folder / "a.xml").as_uri(),
        "ok": True,
        "reason": None,
        "title": "Pier",
        "entries": [
            {
                "id": "1",
                "url": "https://a.example/1",
                "title": "One",
                "published": "2026-03-02T09:00:00+01:00",
                "author": "Ann Lee",
            },
            {"id": None, "url": None, "title": None, "published": "2026-03-02", "author": None},
        ],
    }


def test_what_is_no_feed(folder, capsys):
    assert call("--json", "*.xml") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["ok"], line["reason"], len(line["entries"])) for line in lines] == [
        (True, None, 2),
        (False, "not-a-feed", 0),
    ]


def test_nothing_to_read(folder, capsys):
    assert call("missing.xml") == 3
    assert "missing.xml" in capsys.readouterr().err


def test_some_missing(folder, capsys):
    assert call("a.xml", "missing.xml") == 1
    assert "missing.xml" in capsys.readouterr().err


def test_for_people(folder, capsys):
    assert call("*.xml") == 1
    out = capsys.readouterr().out
    assert "Pier, 2 entries" in out
    assert "not-a-feed" in out


def test_private_addresses_are_refused(capsys):
    assert call("--json", "http://127.0.0.1:9/feed") == 3
    assert json.loads(capsys.readouterr().out)["reason"] == "address-refused"


def test_a_network_that_is_none(capsys):
    assert call("--allow-net", "nonsense", "http://127.0.0.1:9/feed") == 2
    assert "--allow-net" in capsys.readouterr().err


def test_over_http(capsys):
    pages = {"/a": RSS.encode(), "/page": b"<html>403</html>", "/x.html": b"<html>404</html>"}
    with serve(lambda request, _: reply(pages.get(request.path, b""))) as server:
        urls = [server.url(path) for path in ("/a", "/page", "/x.html", "/empty")]
        assert call("--json", "--allow-net", "127.0.0.0/8", *urls) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["uri"], line["reason"]) for line in lines] == list(
        zip(urls, [None, "not-a-feed", "not-a-feed", "empty"], strict=True)
    )


def test_import_and_export(folder, capsys):
    (folder / "l.opml").write_text(
        '<opml><body>\n<outline xmlUrl="https://a.example/rss" outlet="A"/>\n<outline text="broken"/></body></opml>'
    )
    assert call("l.opml", verb="import") == 1
    out, err = capsys.readouterr()
    assert out == "feeds:\n- url: https://a.example/rss\n  outlet: A\n"
    assert "line 3" in err
    (folder / "l.yaml").write_text(out)
    assert call("l.yaml", verb="export") == 0
    assert 'xmlUrl="https://a.example/rss"' in capsys.readouterr().out
    assert call("a.xml", verb="export") == 3


def test_what_a_feed_says_does_not_steer_the_terminal(folder, capsys):
    item = {"id": "1", "title": "a\x1b[31mb\u202e"}
    (folder / "a.json").write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]}))
    assert call("a.json") == 0
    assert "\x1b" not in capsys.readouterr().out
