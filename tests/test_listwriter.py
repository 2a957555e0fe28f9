import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.source import Source, SourceSettings
from transforms.read.feedlist import ListedFeed, read_text_list
from transforms.read.listwriter import write_opml, write_text, write_yaml
from transforms.read.opml import read_opml
from transforms.read.yamllist import read_yaml_list

SOURCES = (
    Source("https://a.example/rss?x=1&y=2", "live"),
    Source(
        "https://b.example/rss",
        "live",
        SourceSettings('The "B" & Co', "de", "Europe/Berlin", "Trade: ships", pause=2.5, title="B & co daily"),
    ),
    Source("https://c.example/rss", "live", SourceSettings(category="Trade: ships")),
)


@pytest.mark.parametrize(("write", "read"), [(write_opml, read_opml), (write_yaml, read_yaml_list)])
def test_what_is_written_is_read_back(write, read):
    rows = [row for row in read(write(SOURCES).encode()) if isinstance(row, ListedFeed)]
    assert [(row.url, row.settings) for row in rows] == [(s.uri, s.settings) for s in SOURCES]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))).map(lambda t: " ".join(t.split()))
SETTINGS = st.builds(
    SourceSettings,
    outlet=WORDS | st.none(),
    language=st.sampled_from([None, "de", "pt-BR"]),
    timezone=st.sampled_from([None, "Europe/Berlin"]),
    category=WORDS | st.none(),
    pause=st.sampled_from([None, 0.5, 20.0]),
    title=WORDS | st.none(),
)


@given(st.lists(SETTINGS, min_size=1, max_size=4))
def test_lists_carried_from_form_to_form_keep_all_they_say(settings):
    sources = [Source(f"https://a{number}.example/?x=1&y=2", "live", given) for number, given in enumerate(settings)]
    first = [row for row in read_opml(write_opml(sources).encode()) if isinstance(row, ListedFeed)]
    again = read_yaml_list(write_yaml([Source(row.url, "live", row.settings) for row in first]).encode())
    empty = {"outlet": None, "category": None, "title": None}
    for source, row in zip(sources, sorted(again, key=lambda row: row.url), strict=True):
        kept = {name: getattr(source.settings, name) or None for name in empty}
        assert (row.url, row.settings) == (source.uri, dataclasses.replace(source.settings, **kept))


def test_text_keeps_the_addresses():
    assert [row.url for row in read_text_list(write_text(SOURCES))] == [s.uri for s in SOURCES]


def test_opml_of_what_xml_cannot_hold():
    source = Source("https://a.example/", "live", SourceSettings("bell\x07\ud800"))
    (row,) = read_opml(write_opml([source]).encode())
    assert row.settings.outlet == "bell"
