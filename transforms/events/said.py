"""What a cue reports: the range of the words said, beside, before or around the cue."""

from spacy.tokens import Span, Token

from transforms.annotate.model import trim_span
from transforms.events.cue_speakers import SUBJECTS, inverted_party, is_passive, tail_party
from transforms.events.cues import Cue, word_list
from transforms.events.lexicon import lemma_of
from transforms.events.quotes import Quotes
from transforms.events.said_clause import (
    before_but,
    behind_day,
    clause_start,
    coordinated_last,
    is_relative,
    phrase_joined,
    told_clauses,
    with_reason,
)
from transforms.events.said_nouns import by_noun
from transforms.events.said_phrases import by_infinitive, by_naming, by_object, is_gerund
from transforms.events.said_quotes import said_below, said_in_quotes
from transforms.events.said_range import OPENING, Said, cue_left, cue_right, has_finite, token_range, trim_range
from transforms.events.said_sources import by_source

_TEMPORAL = frozenset({"when", "while", "after", "before", "as", "since", "until"})
# Words that open a subordinate clause: what stands before a cue is then only half of what is said.
_OPENERS = frozenset(
    {"if", "unless", "when", "while", "although", "though", "because", "since", "once", "as", "after", "before"}
    | {"what", "whether", "how", "why", "all", "that"}
)
_VAGUE = frozenset({"thing", "something", "anything", "nothing", "word", "lot"})
_CORE = frozenset({"say", "add", "state", "argue", "contend", "claim", "assert", "maintain", "insist", "tell", "note"})


def find_said(cue: Cue, sentence: Span, quotes: Quotes) -> Said | None:
    """Finds what a cue reports; None where it reports nothing.

    Args:
        cue: a cue of the sentence.
        sentence: the sentence.
        quotes: the quotations of the article.
    """
    if cue.kind == "according":
        return by_source(cue, sentence, quotes.text)
    if cue.kind == "noun":
        return by_noun(cue, sentence)
    if cue.frames & {"naming", "as"}:
        said = by_naming(cue, sentence, quotes)
        if said is not None:
            return said
    if "quote" in cue.frames:
        said = said_in_quotes(cue, sentence, quotes)
        if said is not None:
            return said
    if lemma_of(cue.head) == "say" and any(
        child.dep_ == "dobj" and child.lemma_.lower() in _VAGUE for child in cue.head.rights
    ):
        return None  # `by saying things that were unwise`
    said = _by_clause(cue, sentence, quotes.text) or _by_tail(cue, sentence, quotes.text)
    if said is not None:
        return said
    for find in (by_infinitive, by_object, _by_rest):
        said = find(cue, sentence)
        if said is not None:
            return said
    return said_below(cue, sentence, quotes.text)


def _by_clause(cue: Cue, sentence: Span, text: str) -> Said | None:
    if "clause" not in cue.frames:
        return None
    verb, doc = cue.head, cue.head.doc
    clauses = [
        child
        for child in verb.children
        if child.dep_ in ("ccomp", "parataxis", "csubj", "csubjpass") and child not in cue.words
    ]
    if (
        cue.speaker is not None
        and cue.speaker == inverted_party(verb)
        and has_finite(doc, cue.speaker.i + 2, sentence.end)
    ) and not has_finite(doc, sentence.start, verb.i):
        return Said(*trim_range(text, *trim_span(sentence)))  # the words said stand on both sides
    quoted = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "as" else None
    if quoted is not None and is_passive(quoted) and not clauses:  # `…, the minister was quoted as saying on Monday`
        first = min(
            (child.left_edge.i for child in quoted.lefts if child.dep_ in ("nsubjpass", "auxpass", "aux")), default=0
        )
        if first > sentence.start and doc[first - 1].text == "," and has_finite(doc, sentence.start, first):
            return _before(cue, first, sentence, text)
    if len(cue.words) > 1:  # `made it clear that she would stay`: the clause hangs on `clear`
        clauses += [
            child
            for child in cue.words[1].rights
            if child.dep_ in ("ccomp", "advcl")
            and any(one.lower_ == "that" and one.dep_ == "mark" for one in child.lefts)
        ]
    if cue.lemma in word_list("asking"):  # `asked the students if they were ready`, read as a condition
        clauses += [
            child
            for child in verb.rights
            if child.dep_ == "advcl"
            and any(one.dep_ == "mark" and one.lower_ in ("if", "whether") for one in child.lefts)
        ]
    if cue.lemma in word_list("addressed") and not clauses:
        clauses += told_clauses(verb)
    left = cue_left(cue)
    mark = _as_mark(verb)
    if mark is not None and not clauses:
        return _beside_as(cue, mark.i, sentence, text)
    if _is_afterthought(cue, clauses, left, sentence):
        return _before(cue, left, sentence, text)
    following = [
        child
        for child in clauses
        if child.i > verb.i
        and not any(one.lower_ in _TEMPORAL and one.dep_ in ("mark", "advmod") for one in child.lefts)
        and (child.pos_ in ("VERB", "AUX") or any(one.dep_ in (*SUBJECTS, "mark") for one in child.children))
    ]
    if following and is_relative(cue, following[0]):  # `reported waiting times that exceeded two hours`
        return token_range(doc, cue.words[-1].i + 1, following[0].right_edge.i, sentence, "object")
    if following:
        begin = clause_start(cue, following[0])
        last = max(child.right_edge.i for child in following)
        begin = behind_day(cue, begin)
        last = coordinated_last(verb, with_reason(verb, last))
        last = phrase_joined(before_but(verb, following[0], last), sentence)
        return token_range(doc, begin, last, sentence)
    if "doing" in cue.frames:
        gerund = next((child for child in verb.rights if child.dep_ == "xcomp" and is_gerund(child)), None)
        if gerund is not None:
            return token_range(doc, gerund.left_edge.i, gerund.right_edge.i, sentence, "doing")
    return None


def _by_tail(cue: Cue, sentence: Span, text: str) -> Said | None:
    """All up to the last comma, where nothing but the party and its verb stands behind it."""
    tail = tail_party(cue.head)
    doc = cue.head.doc
    if tail is None or "clause" not in cue.frames or tail[1] != cue.speaker:
        return None
    if any(not token.is_punct and not token.is_space for token in doc[cue_right(cue) + 1 : sentence.end]):
        return None
    if not has_finite(doc, sentence.start, tail[0]):
        return None
    begin, stop = trim_range(text, trim_span(sentence)[0], doc[tail[0]].idx)
    return Said(begin, stop, None, True) if stop > begin else None


def _as_mark(verb: Token) -> Token | None:
    """The `as` that opens a cue's clause: `as the paper reports`, `as some have taken to saying`."""
    top = verb
    for _ in range(3):
        found = next((child for child in top.lefts if child.lower_ == "as" and child.dep_ in ("mark", "advmod")), None)
        if found is not None or top.dep_ not in ("xcomp", "pcomp"):
            return found
        top = top.head.head if top.dep_ == "pcomp" else top.head
    return None


def _beside_as(cue: Cue, at: int, sentence: Span, text: str) -> Said | None:
    """`As the paper reports, the firm …`; `the firm …, as the paper reports`; `the firm, as it reports, …`."""
    doc = cue.head.doc
    right = cue_right(cue)
    _, end = trim_span(sentence)
    if at <= sentence.start + 1:
        if right + 1 < sentence.end and doc[right + 1].text == "," and has_finite(doc, right + 2, sentence.end):
            begin, stop = trim_range(text, doc[right + 1].idx, end)
            return Said(begin, stop) if stop > begin else None
        return None
    closed = right + 1 >= sentence.end or doc[right + 1].is_punct
    return _before(cue, at, sentence, text) if closed and doc[at - 1].text == "," else None


def _is_afterthought(cue: Cue, clauses: list[Token], left: int, sentence: Span) -> bool:
    """Whether the cue follows what it reports, or stands inside it: `…, the firm said`."""
    verb, doc = cue.head, cue.head.doc
    if left <= sentence.start or any(child.i > verb.i for child in clauses):
        return False
    if verb.dep_ in ("relcl", "acl", "xcomp", "pcomp", "advcl") and not any(child.i < left for child in clauses):
        return False
    before = doc[left - 1]
    while before.is_space and before.i > sentence.start:
        before = before.nbor(-1)
    if not before.is_punct or before.text not in (",", '"', "'", "''", "—", "-", "–", "--", "?", "!", "...", "…", ")"):
        return False
    addressed = cue.lemma in word_list("addressed")
    if doc[min(verb.i + 1, sentence.end - 1)].text != "," and any(
        child.dep_ in ("xcomp", "dobj")
        and not (addressed and child.dep_ == "dobj")
        and doc[child.left_edge.i - 1].text not in ("—", "–", "--", "-")  # `…, the bank said – a turn for the better`
        for child in verb.rights
    ):
        return False
    if not has_finite(doc, sentence.start, left):
        return _is_parenthesis(cue, sentence)
    if any(child.i < left for child in clauses):
        return True
    right = cue_right(cue)
    after = doc[right + 1] if right + 1 < sentence.end else None
    if any(child.dep_ == "conj" and child.i <= right + 3 for child in verb.rights):
        return False
    closed = (
        after is None
        or after.is_punct
        or after.is_space
        or after.dep_ in ("advcl", "mark", "cc")
        or after.tag_ == "VBG"
    )
    return closed and any(child.dep_ in SUBJECTS for child in verb.children)


def _is_parenthesis(cue: Cue, sentence: Span) -> bool:
    """`The firms, she said, have decided`."""
    doc, right = cue.head.doc, cue_right(cue)
    return right + 1 < sentence.end and doc[right + 1].text == "," and has_finite(doc, right + 2, sentence.end)


def _before(cue: Cue, left: int, sentence: Span, text: str) -> Said | None:
    """What precedes a cue; where that is no main clause, the words said go on behind the cue: `The tax, she said, would hurt shops`.

    Of such words the part behind the cue stands for them all when it is by far the longer one, else cue and all are taken.
    """
    doc = cue.head.doc
    start, end = trim_span(sentence)
    stop = doc[left].idx
    opening = OPENING.match(text, start)
    begin, lead = trim_range(text, opening.end() if opening and opening.end() <= stop else start, stop)
    last = doc[cue_right(cue)]
    behind, final = trim_range(text, last.idx + len(last), end)
    if final <= behind or not has_finite(doc, last.i + 1, sentence.end) or _is_main(cue, begin, left):
        return Said(begin, lead, None, True) if lead > begin else None
    if len(text[behind:final].split()) >= 2 * len(text[begin:lead].split()):
        return Said(behind, final)
    return Said(begin, final, None, True)


def _is_main(cue: Cue, begin: int, left: int) -> bool:
    """Whether the words before a cue are a clause of their own."""
    words = [token for token in cue.head.doc[cue.head.sent.start : left] if token.idx >= begin]
    if not words or not has_finite(cue.head.doc, words[0].i, left):
        return False
    commas = sum(token.text == "," for token in words[:-1])
    return commas > 0 or words[0].lower_ not in _OPENERS


def _is_told(cue: Cue, begin: int) -> bool:
    """`told The Post she thinks`, where the parse takes the clause for the sentence: a subject right behind who is told."""
    told = next((child for child in cue.head.rights if child.dep_ in ("dobj", "dative")), None)
    return told is not None and told.right_edge.i + 1 == begin and cue.head.doc[begin].dep_ in SUBJECTS


def _by_rest(cue: Cue, sentence: Span) -> Said | None:
    """What follows the cue and its adjuncts up to the sentence's end, where the parse sees no clause."""
    doc = cue.head.doc
    behind = cue.words[-1].i + 1
    if "broken" in cue.frames and cue.frames & {"clause", "object"}:
        begin = next((i for i in range(behind, sentence.end) if doc[i].lower_ in ("that", "whether")), behind)
        begin += doc[begin].lower_ == "that"
        return token_range(doc, begin, sentence.end - 1, sentence) if sentence.end - begin > 3 else None
    if "clause" not in cue.frames or lemma_of(cue.head) not in _CORE:
        return None
    that = next(
        (
            token
            for token in doc[behind : sentence.end]
            if token.lower_ == "that" and token.dep_ in ("mark", "det", "nsubj", "dobj")
        ),
        None,
    )
    begin = that.i + 1 if that is not None else behind
    if that is None and lemma_of(cue.head) == "tell":
        begin = max([begin, *(child.right_edge.i + 1 for child in cue.head.rights if child.dep_ in ("dobj", "dative"))])
    while begin < sentence.end and (doc[begin].is_punct or doc[begin].is_space):
        begin += 1
    if begin >= sentence.end or not any(token.pos_ in ("VERB", "AUX") for token in doc[begin : sentence.end]):
        return None
    if that is None and (
        (
            doc[begin].pos_ in ("ADP", "SCONJ")
            and doc[begin].lower_ not in ("if", "while", "although", "because", "when")
        )
        or lemma_of(cue.head) == "note"
        or (lemma_of(cue.head) == "tell" and not _is_told(cue, begin))
    ):
        return None
    return token_range(doc, begin, sentence.end - 1, sentence)
