"""Family names with particles: joined where the model cuts them, and found again where they stand alone."""

from spacy.tokens import Doc

from transforms.events.name_lists import word_set
from transforms.events.referents import NameSpan


def join_particles(doc: Doc, lower: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """Joins family names with particles, and finds them again where they stand alone: `Von der Leyen`."""
    particles = word_set("particles")
    runs = [i for i, word in enumerate(lower) if word in particles and (i == 0 or lower[i - 1] not in particles)]
    if not runs:
        return spans
    by_end = {i: span for span in spans for i in range(span.start, span.end)}
    full: dict[tuple[str, ...], str] = {}
    for i in runs:
        left = by_end.get(i - 1)
        stop = _family_end(doc, lower, i)
        if stop is None or left is None or (doc[i].text[0].isupper() and left.end <= i):
            continue
        if left.kind != "person" and not (lower[i] in ("bin", "ibn", "bint") and " " not in left.text):
            continue
        if stop > left.end:
            spans = [one for one in spans if one is left or not left.start <= one.start < stop]
            left.end, left.kind = stop, "person"
            left.text = doc[left.start : stop].text
            by_end.update(dict.fromkeys(range(left.start, stop), left))
        full.setdefault(tuple(lower[i : left.end]), doc[i : left.end].text)
        if lower[i] in ("bin", "ibn", "bint"):  # `bin Zayed`, of Khalid bin Zayed Al Rashid
            full.setdefault(tuple(lower[i:stop]), doc[i : left.end].text)
    return _find_again(doc, lower, runs, spans, full)


def _family_end(doc: Doc, lower: list[str], start: int) -> int | None:
    """Where a family name ends that begins with particles; None without one."""
    at = start
    while at < len(doc) and (lower[at] in word_set("particles") or (lower[at] == "-" and at > start)):
        at += 1
    if at < len(doc) and doc[at].text[0].isupper() and doc[at].is_alpha and not doc[at].is_sent_start:
        return at + 1
    return None


def _find_again(
    doc: Doc, lower: list[str], runs: list[int], spans: list[NameSpan], full: dict[tuple[str, ...], str]
) -> list[NameSpan]:
    inside = {i for span in spans for i in range(span.start + 1, span.end)}
    for i in runs:
        stop = _family_end(doc, lower, i)
        if stop is None or (i in inside and (i - 1 in inside or lower[i - 1] not in word_set("particles"))):
            continue
        family = next(
            (words for words in sorted(full, key=len, reverse=True) if tuple(lower[i : i + len(words)]) == words), None
        )
        joined = doc[i].text.islower() and lower[i] in ("von", "van") and stop - i > 2
        if family is None and not joined:
            continue
        end = i + len(family) if family else stop
        text = full[family] if family else doc[i:end].text
        if any(span.start < i < span.end for span in spans):
            continue
        spans = [span for span in spans if not i <= span.start < end]
        spans.append(NameSpan(i, end, "person", text))
    return sorted(spans, key=lambda span: span.start)
