import pytest

from schemas.source import Source, SourceSettings
from transforms.read.feedlist import ListedFeed, read_opml, read_text_list, read_yaml_list
from transforms.read.listwriter import write_opml, write_text, write_yaml

SOURCES = (
    Source("https://a.example/rss?x=1&y=2", "live"),
    Source(
        "https://b.example/rss",
        "live",
        SourceSettings('The "B" & Co', "de", "Europe/Berlin", "Trade: ships", pause=2.5),
    ),
    Source("https://c.example/rss", "live", SourceSettings(category="Trade: ships")),
)


@pytest.mark.parametrize(("write", "read"), [(write_opml, read_opml), (write_yaml, read_yaml_list)])
def test_what_is_written_is_read_back(write, read):
    rows = [row for row in read(write(SOURCES).encode()) if isinstance(row, ListedFeed)]
    assert [(row.url, row.settings) for row in rows] == [(s.uri, s.settings) for s in SOURCES]


def test_text_keeps_the_addresses():
    assert [row.url for row in read_text_list(write_text(SOURCES))] == [s.uri for s in SOURCES]


def test_opml_of_what_xml_cannot_hold():
    source = Source("https://a.example/", "live", SourceSettings("bell\x07\ud800"))
    (row,) = read_opml(write_opml([source]).encode())
    assert row.settings.outlet == "bell"
