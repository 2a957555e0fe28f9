"""Feed lists in YAML -> feeds with their settings."""

from collections.abc import Iterator
from typing import Any

import yaml

from schemas.source import SourceSettings
from transforms.read.errors import ParseError
from transforms.read.feedlist import NO_SETTINGS, Refused, Row, decode_list, list_feed, read_settings, shorten

_SETTINGS = ("url", "title", "outlet", "language", "timezone", "category", "pause")
_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"
# libyaml's loader where PyYAML was built with it: a hundred times faster, and as safe.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml_list(body: bytes, defaults: SourceSettings = NO_SETTINGS) -> Iterator[Row]:
    """Reads `feeds:`, a list of URLs or of mappings with `url` and settings.

    The settings are `outlet`, `language`, `timezone`, `category`, `pause` (seconds between two requests to its domain)
    and `title`. What is none of them is named.

    Raises:
        ParseError: `parse-error` for what is no YAML or has no such list, `bad-encoding`.
    """
    try:
        node = yaml.compose(decode_list(body), Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ParseError("parse-error", f"not YAML: {' '.join(str(error).split())}") from error
    feeds = node
    if isinstance(node, yaml.MappingNode):
        feeds = next((value for key, value in node.value if key.value == "feeds"), None)
    if not isinstance(feeds, yaml.SequenceNode):
        raise ParseError("parse-error", "no list of feeds: expected `feeds:` with a list below it")
    for item in feeds.value:
        line = item.start_mark.line + 1
        if isinstance(item, yaml.ScalarNode):
            yield list_feed(line, item.value, defaults)
            continue
        given, misread = _scalars(item)
        if given.get("url"):
            settings, notices = read_settings(given, defaults)
            yield list_feed(line, given["url"], settings, (*misread, *notices))
        else:
            yield Refused(line, "not-an-address", "an entry without url")


def _scalars(item: yaml.Node) -> tuple[dict[str, str], tuple[str, ...]]:
    """Settings of a mapping as written, nothing built of tags, and what in it is no setting."""
    given: dict[str, str] = {}
    notices = []
    for key, value in _pairs(item):
        name = str(key.value).lower() if isinstance(key, yaml.ScalarNode) else "?"
        if name not in _SETTINGS:
            notices.append(f"{shorten(name)!r} is no setting of a feed ({', '.join(_SETTINGS)})")
        elif not isinstance(value, yaml.ScalarNode):
            notices.append(f"{name!r} is no plain value")
        elif value.tag != _NULL:
            given[name] = value.value.strip()
    return given, tuple(notices)


def _pairs(item: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    """Keys and values of a mapping, the weakest first: what it takes over by `<<`, the last named first, then its own."""
    if not isinstance(item, yaml.MappingNode):
        return []
    named = [value for key, value in item.value if key.tag == _MERGE]
    merged = [node for value in named for node in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
    above = [node for node in reversed(merged) if isinstance(node, yaml.MappingNode)]
    return [pair for node in (*above, item) for pair in node.value if pair[0].tag != _MERGE]
