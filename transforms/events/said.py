"""What a cue reports: the range of the words said, beside, before or around the cue."""

import dataclasses
import re

from spacy.tokens import Doc, Span, Token

from transforms.annotate.model import trim_span
from transforms.events.cues import SUBJECTS, Cue, is_passive, word_list
from transforms.events.lexicon import lemma_of
from transforms.events.quotes import Quote, Quotes

_OPENING = re.compile(
    r"(?:(?:But|And|However|Still|Meanwhile|Yet|So|Nonetheless|Nevertheless|Instead|Also),?\s+)+(?=\S)"
)
_EDGES = " \t\r\n,.;:—–-_\"'“”‘’«»„`"
_GAP_AFTER_QUOTE = re.compile(r"[\s,—–\-.]*$")
_BETWEEN = re.compile(r"[\s,:—–\-]*(?:that\s*)?$")


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """A range of words said. quote: the quotation that they are, None for other reports; before: whether they precede the cue."""

    start: int
    end: int
    quote: Quote | None = None
    before: bool = False
    frame: str = "clause"


def find_said(cue: Cue, sentence: Span, quotes: Quotes) -> Said | None:
    """Finds what a cue reports; None where it reports nothing.

    Args:
        cue: a cue of the sentence.
        sentence: the sentence.
        quotes: the quotations of the article.
    """
    if cue.kind == "according":
        return _said_by_source(cue, sentence)
    if cue.kind == "noun":
        return _said_by_noun(cue)
    quoted = _beside_quote(cue, sentence, quotes) if "quote" in cue.frames else None
    if quoted is not None:
        return quoted
    for find in (_by_naming, _by_clause, _by_infinitive, _by_object):
        said = find(cue, sentence)
        if said is not None:
            return said
    return None


# The cue's own clause


def cue_left(cue: Cue) -> int:
    """Index of the first token of a cue's own clause: subject, auxiliaries, adverbs and the verb."""
    verb, left = cue.head, cue.head.i
    for child in verb.lefts:
        if child.dep_ in SUBJECTS or child.dep_ in ("aux", "auxpass", "neg"):
            left = min(left, child.left_edge.i)
        elif child.dep_ in ("advmod", "npadvmod", "prep") and child.i > verb.i - 4 and child.left_edge.i >= left - 4:
            left = min(left, child.left_edge.i) if child.right_edge.i == left - 1 else left
    return left


def cue_right(cue: Cue) -> int:
    """Index of the last token of a cue with its addressee and adjuncts: `told reporters on Monday`."""
    right = max(word.i for word in cue.words)
    doc = cue.head.doc
    for child in cue.head.rights:
        near = child.left_edge.i <= right + 1
        if (
            child.dep_ in (*SUBJECTS, "dative", "npadvmod", "advmod", "prep", "prt", "agent", "dobj")
            and near
            and child.i > cue.head.i
        ):
            if any(one.dep_ in ("ccomp", "relcl") for one in child.subtree) and child.dep_ not in SUBJECTS:
                break
            right = max(right, child.right_edge.i)
        elif near:
            break
    while right + 1 < len(doc) and right > cue.head.i and doc[right].is_punct:
        right -= 1
    return right


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


# Quotations


def _beside_quote(cue: Cue, sentence: Span, quotes: Quotes) -> Said | None:
    """A quotation right before or right behind the cue."""
    doc, text = cue.head.doc, quotes.text
    start, end = trim_span(sentence)
    around = quotes.at(cue.head.idx)
    near = quotes.nested_in(around) if around is not None else quotes.in_range(start, end)
    left = doc[cue_left(cue)].idx
    right_token = doc[cue_right(cue)]
    right, verb_end = right_token.idx + len(right_token), cue.words[-1].idx + len(cue.words[-1])
    before = [one for one in near if one.end <= left and _GAP_AFTER_QUOTE.match(text[one.end : left])]
    if before and not (
        _subject_is_quoted(cue, before[-1])
        or (quotes.is_scare(before[-1]) and not _stands_alone(text, before[-1], start))
    ):
        one = before[-1]
        after = next((two for two in near if two.start >= verb_end and two.start < end), None)
        if (
            after is not None
            and text[after.inner_start : after.inner_start + 1].islower()
            and not quotes.is_scare(after)
        ):
            return Said(
                one.inner_start,
                min(after.inner_end, end) if after.inner_end < end else after.inner_end,
                one,
                True,
                "quote",
            )
        # words before the quotation belong to what is said: `“Now it is hard” to hold on, he said`
        return Said(one.inner_start, one.inner_end, one, True, "quote") if _opens(text, one, start) else None
    for one in near:
        if one.start < verb_end or one.start >= end + 3:
            continue
        between = text[verb_end : one.start]
        if (_BETWEEN.match(between) or _BETWEEN.match(text[right : one.start])) and not (
            quotes.is_scare(one) and not re.search(r"[,:]\s*$", between)
        ):
            stop = one.inner_end
            # a quotation that is only the beginning or a part of a clause: the clause decides
            if one.end < end and not _closes(text, one, end):
                return None
            return Said(one.inner_start, stop, one, False, "quote")
        break
    return None


def _subject_is_quoted(cue: Cue, quote: Quote) -> bool:
    return cue.speaker is not None and quote.holds(cue.speaker.idx) and not quote.holds(cue.head.idx)


def _stands_alone(text: str, quote: Quote, start: int) -> bool:
    """Whether the sentence begins with the quotation, or the quotation with a sentence mark."""
    return quote.start <= start + 1 or text[quote.inner_end - 1 : quote.inner_end] in ",.!?"


def _opens(text: str, quote: Quote, start: int) -> bool:
    """Whether nothing but connecting words stands before the quotation in its sentence."""
    if quote.start <= start:
        return True
    lead = text[start : quote.start].strip()
    return not lead or lead[-1] in ":—–-.,?!" or len(lead.split()) <= 1


def _closes(text: str, quote: Quote, end: int) -> bool:
    """Whether the rest of the sentence after the quotation is no part of what is said."""
    rest = text[quote.end : end].strip()
    return not rest.strip(_EDGES) or text[quote.inner_end - 1 : quote.inner_end] in ",.!?" or rest[0] in ",;—–-"


# Clauses


def _by_clause(cue: Cue, sentence: Span) -> Said | None:
    if "clause" not in cue.frames:
        return None
    verb, doc = cue.head, cue.head.doc
    text = doc.text
    start, end = trim_span(sentence)
    clauses = [
        child
        for child in verb.children
        if child.dep_ in ("ccomp", "parataxis", "csubj", "csubjpass") and child not in cue.words
    ]
    left = cue_left(cue)
    if _is_afterthought(cue, clauses, left, sentence):
        begin, stop = start, doc[left].idx
        opening = _OPENING.match(text, begin)
        begin = opening.end() if opening and opening.end() < stop else begin
        begin, stop = _trimmed(text, begin, stop)
        if _has_verb(doc, begin, stop) or len(text[begin:stop].split()) > 5:
            return Said(begin, stop, None, True)
        stop = _trimmed(text, begin, end)[1]  # `The firms, she said, have decided`
        return Said(begin, stop, None, True) if stop > begin else None
    following = [child for child in clauses if child.i > verb.i]
    if following:
        first = following[0]
        begin = _after_that(first)
        last = max(child.right_edge.i for child in following)
        return _range(doc, begin, last, sentence)
    gerund = next(
        (child for child in verb.rights if child.dep_ == "xcomp" and child.tag_ == "VBG" and "doing" in cue.frames),
        None,
    )
    if gerund is not None:
        return _range(doc, gerund.left_edge.i, gerund.right_edge.i, sentence, "doing")
    if (
        "object" not in cue.frames
        and "clause" in cue.frames
        and lemma_of(verb) in ("say", "add", "state", "argue", "contend", "claim", "assert", "maintain", "insist")
    ):
        return _rest(cue, sentence)
    return None


def _after_that(clause: Token) -> int:
    begin = clause.left_edge.i
    doc = clause.doc
    while begin < clause.i and (
        (doc[begin].is_punct and doc[begin].text not in "\"'`“‘$#@(")
        or doc[begin].is_space
        or (doc[begin].lower_ == "that" and doc[begin].dep_ == "mark")
    ):
        begin += 1
    return begin


def _is_afterthought(cue: Cue, clauses: list[Token], left: int, sentence: Span) -> bool:
    """Whether the cue follows what it reports, or stands inside it: `…, the firm said`."""
    verb, doc = cue.head, cue.head.doc
    if (
        left <= sentence.start
        or any(child.i > verb.i for child in clauses)
        or verb.dep_ in ("relcl", "acl", "xcomp", "pcomp")
    ):
        return False
    before = doc[left - 1]
    separated = before.is_punct and before.text in (",", '"', "'", "''", "—", "-", "–", "?", "!", "...", "…", ")")
    if not separated:
        return False
    right = cue_right(cue)
    after = doc[right + 1] if right + 1 < len(doc) else None
    closed = (
        after is None
        or after.is_punct
        or after.is_space
        or after.i >= sentence.end
        or after.dep_ in ("advcl", "mark", "cc", "prep", "advmod", "punct")
    )
    own = any(child.dep_ in SUBJECTS for child in verb.children)
    if any(child.i < left for child in clauses):
        return True
    return own and closed and not any(child.dep_ in ("dobj", "xcomp") and child.i > verb.i for child in verb.children)


def _has_verb(doc: Doc, start: int, end: int) -> bool:
    span = doc.char_span(start, end, alignment_mode="expand")
    return span is not None and any(token.pos_ in ("VERB", "AUX") and token.tag_ != "VBG" for token in span)


def _range(doc: Doc, first: int, last: int, sentence: Span, frame: str = "clause") -> Said | None:
    last = min(last, sentence.end - 1)
    if last < first:
        return None
    tokens = doc[first : last + 1]
    start, end = _trimmed(tokens.doc.text, tokens.start_char, tokens.end_char)
    return Said(start, end, None, False, frame) if end > start else None


def _rest(cue: Cue, sentence: Span) -> Said | None:
    """What follows the cue and its adjuncts up to the sentence's end, where the parse sees no clause."""
    doc = cue.head.doc
    begin = cue.words[-1].i + 1
    while begin < sentence.end and (doc[begin].is_punct or doc[begin].is_space or doc[begin].lower_ == "that"):
        begin += 1
    said = _range(doc, begin, sentence.end - 1, sentence)
    if said is None or not any(token.pos_ in ("VERB", "AUX") for token in doc[begin : sentence.end]):
        return None
    return said if doc[begin].pos_ not in ("ADP", "SCONJ") else None


# Phrases


def _by_naming(cue: Cue, sentence: Span) -> Said | None:
    """`called it a mistake`, `described the bill as unfair`, `was described by X as unfair`."""
    if not cue.frames & {"naming", "as"}:
        return None
    verb, doc = cue.head, cue.head.doc
    obj = next(
        (
            child
            for child in verb.rights
            if child.dep_ in ("dobj", "nsubj") and child.i > verb.i and child is not cue.speaker
        ),
        None,
    )
    if "naming" in cue.frames:
        for child in verb.rights:
            if child.dep_ in ("oprd", "ccomp", "acomp", "attr") and (
                obj is not None or is_passive(verb) or child.dep_ in ("oprd", "ccomp")
            ):
                begin = min(obj.left_edge.i if obj is not None else child.left_edge.i, child.left_edge.i)
                return _range(doc, begin, child.right_edge.i, sentence, "naming")
    if "as" in cue.frames:
        for child in verb.rights:
            if child.dep_ == "prep" and child.lower_ == "as":
                begin = obj.left_edge.i if obj is not None and not is_passive(verb) else child.i + 1
                if cue.words[-1].lower_ == "to" and len(cue.words) > 1:
                    begin = cue.words[-1].i + 1
                return _range(doc, begin, child.right_edge.i, sentence, "as")
    return None


def _by_infinitive(cue: Cue, sentence: Span) -> Said | None:
    """`vowed to stay`, `urged them to stay`, `called on them to stay`."""
    if not cue.frames & {"to", "other-to"} or (
        is_passive(cue.head) and "other-to" in cue.frames and cue.speaker is None
    ):
        return None
    verb, doc = cue.head, cue.head.doc
    for child in verb.rights:
        if child.dep_ in ("xcomp", "ccomp", "advcl") and any(one.tag_ == "TO" for one in child.lefts):
            other = [one for one in verb.rights if one.dep_ in ("dobj", "dative") and one.i < child.i] + [
                one for one in child.lefts if one.dep_ == "nsubj"
            ]
            if other and "other-to" in cue.frames:
                return _range(doc, min(one.left_edge.i for one in other), child.right_edge.i, sentence, "other-to")
            if not other and "to" in cue.frames:
                return _range(doc, child.left_edge.i, child.right_edge.i, sentence, "to")
    if "other-to" in cue.frames:  # the infinitive below the noun: `called on the party to repudiate`
        for child in verb.rights:
            target = (
                child
                if child.dep_ in ("dobj", "dative")
                else next((one for one in child.children if one.dep_ == "pobj"), None)
            )
            if target is not None and any(
                one.dep_ in ("acl", "relcl", "xcomp") and any(two.tag_ == "TO" for two in one.lefts)
                for one in target.children
            ):
                if child.dep_ == "prep" and child not in cue.words:
                    continue
                return _range(doc, target.left_edge.i, target.right_edge.i, sentence, "other-to")
            if child in cue.words and child.dep_ == "prep" and target is not None:
                clause = next((one for one in verb.rights if one.dep_ in ("xcomp", "advcl") and one.i > target.i), None)
                if clause is not None:
                    return _range(doc, target.left_edge.i, clause.right_edge.i, sentence, "other-to")
    return None


def _by_object(cue: Cue, sentence: Span) -> Said | None:
    """An object, a gerund, or a preposition's object is what is said."""
    verb, doc = cue.head, cue.head.doc
    obj = next((child for child in verb.rights if child.dep_ == "dobj" and child is not cue.speaker), None)
    targets = {frame.split("-")[1] for frame in cue.frames if frame.startswith("target-")}
    for child in verb.rights:
        if (
            child.dep_ == "prep"
            and child.lower_ in targets
            and (obj is not None or len(cue.words) > 1)
            and child not in cue.words
        ):
            inner = next((one for one in child.children if one.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                return _range(doc, inner.left_edge.i, inner.right_edge.i, sentence, "target")
    if obj is not None and targets:  # the preposition hangs on the object: `slammed Ode for his claims`
        for child in obj.children:
            if child.dep_ == "prep" and child.lower_ in targets and child.lower_ != "of":
                inner = next((one for one in child.children if one.dep_ in ("pobj", "pcomp")), None)
                if inner is not None:
                    return _range(doc, inner.left_edge.i, inner.right_edge.i, sentence, "target")
    if len(cue.words) > 1 and cue.words[-1].dep_ in ("prep", "prt"):
        inner = next((one for one in cue.words[-1].children if one.dep_ in ("pobj", "pcomp")), None)
        if inner is not None and "object" in cue.frames:
            return _range(doc, inner.left_edge.i, inner.right_edge.i, sentence, "object")
    prepositions = cue.frames & {"for", "of", "on", "against", "about", "at", "with", "in"} | (
        {"to"} if "to-" in cue.frames else set()
    )
    for child in verb.rights:
        if child.dep_ == "prep" and child.lower_ in prepositions and "object" not in cue.frames:
            inner = next((one for one in child.children if one.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                first = child.i if child.lower_ in ("against", "about") else inner.left_edge.i
                return _range(doc, first, inner.right_edge.i, sentence, "preposition")
    if "object" in cue.frames:
        if is_passive(verb):
            subject = next((child for child in verb.lefts if child.dep_ == "nsubjpass"), None)
            if subject is not None and subject is not cue.speaker and subject.pos_ != "PRON":
                said = _range(doc, subject.left_edge.i, subject.right_edge.i, sentence, "object")
                return dataclasses.replace(said, before=True) if said else None
            if verb.dep_ == "acl" and cue.speaker is not None and verb.head.pos_ in ("NOUN", "PROPN"):
                said = _range(doc, verb.head.left_edge.i, verb.i - 1, sentence, "object")
                return dataclasses.replace(said, before=True) if said else None
            return None
        if obj is not None:
            return _range(doc, obj.left_edge.i, _object_end(verb, obj), sentence, "object")
        gerund = next(
            (child for child in verb.rights if child.dep_ in ("xcomp", "ccomp", "advcl") and child.tag_ == "VBG"), None
        )
        if (
            gerund is not None
            and "doing" in cue.frames
            and not any(one.dep_ == "punct" and one.i == gerund.left_edge.i - 1 for one in verb.children)
        ):
            return _range(doc, gerund.left_edge.i, gerund.right_edge.i, sentence, "doing")
        if verb.dep_ == "relcl" and verb.head.pos_ in ("NOUN", "PROPN"):
            subject = next((child for child in verb.lefts if child.dep_ in SUBJECTS), None)
            if subject is not None and subject.lower_ not in ("who", "which", "that"):
                head = verb.head
                said = _range(doc, head.left_edge.i, max(head.i, verb.left_edge.i - 1), sentence, "object")
                return dataclasses.replace(said, before=True) if said else None
    return None


def _object_end(verb: Token, obj: Token) -> int:
    """The object's end; phrases that the parse hangs on the verb right behind it belong to it too, but for time words."""
    last = obj.right_edge.i
    for child in verb.rights:
        if (
            child.i > obj.i
            and child.dep_ == "prep"
            and child.left_edge.i == last + 1
            and child.lower_ in ("of", "for", "with", "to", "against", "from", "between")
        ):
            last = child.right_edge.i
    return last


def _said_by_noun(cue: Cue) -> Said | None:
    """`his claim that …`, `a call for …`, `accusations of …`."""
    noun, doc = cue.head, cue.head.doc
    sentence = noun.sent
    for child in noun.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and child.pos_ in ("VERB", "AUX"):
            that = next((one for one in child.lefts if one.lower_ == "that"), None)
            if that is not None and (that.dep_ == "mark" or child.dep_ in ("acl", "ccomp")):
                return _range(doc, _after_that(child), child.right_edge.i, sentence)
            if any(one.tag_ == "TO" for one in child.lefts):
                return _range(doc, child.left_edge.i, child.right_edge.i, sentence, "to")
    if noun.lemma_.lower() in word_list("nouns_with_clause"):
        return None
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for", "against", "about", "to", "on", "over", "from"):
            inner = next((one for one in child.children if one.dep_ in ("pobj", "pcomp")), None)
            if inner is not None and inner is not cue.speaker:
                return _range(doc, inner.left_edge.i, inner.right_edge.i, sentence, "noun")
    return None


def _said_by_source(cue: Cue, sentence: Span) -> Said | None:
    """What `according to` brings in: the sentence before it, behind it, or around it."""
    doc, text = cue.head.doc, cue.head.doc.text
    start, end = trim_span(sentence)
    source = cue.speaker
    assert source is not None
    last = min(source.right_edge.i, sentence.end - 1)
    begin = cue.head.idx
    lead = text[start:begin]
    if len(lead.split()) <= 3:
        stop = _phrase_end(doc, cue.head.i, last, sentence)
        after_start, after_end = _trimmed(text, doc[stop].idx + len(doc[stop]), end)
        return Said(after_start, after_end) if after_end > after_start else None
    opening = _OPENING.match(text, start)
    first = opening.end() if opening and opening.end() < begin else start
    first, stop_char = _trimmed(text, first, begin)
    return Said(first, stop_char, None, True) if stop_char > first else None


def _phrase_end(doc: Doc, first: int, last: int, sentence: Span) -> int:
    """Where a fronted `according to X` ends: at the comma that closes it."""
    tokens = doc[first : sentence.end]
    commas = [token.i for token in tokens if token.text == ","]
    closing = [i for i in commas if i > last]
    if closing and closing[0] - last <= 2:
        return closing[0]
    inside = [i for i in commas if i <= last]
    return inside[-1] if inside and last >= sentence.end - 3 else last
