"""The language model: which parts of it run, and documents whose sentences are ours and whose offsets are the text's."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from transforms.annotate.default import DEFAULT_MODEL
from transforms.annotate.reading import reading_copy
from transforms.annotate.sentences import split_sentences

MAX_CHARACTERS = 100_000
"""Longest text, in code points, that is parsed whole; a longer one is parsed up to its last sentence before that."""
BATCH = 32
_LONG_RUN = re.compile(r"(\S{200,})( ?)")
# A romanised Korean or Chinese syllable. `Jae-in`, `Ching-te`: a given name of two stays one word, or its second is read as `in`.
_SYLLABLE = r"[b-df-hj-np-tv-z]{0,2}[aeiouwy]{1,4}(?:ng|ck|[bcghklmnpst])?"
_GIVEN_NAME = re.compile(
    rf"(?!(?:Non|Pro|Pre|Co|Re|De|Ex|Un|On|In|Up|So|No)-)(?=[A-Z][a-z]+-[a-z]+$)(?i:{_SYLLABLE}-{_SYLLABLE})$"
)
# Titles whose full stop spaCy takes for the end of a sentence: the name behind would hang elsewhere.
_TITLE = re.compile(
    r"(?:Sens|Reps|Govs|Gens|Profs|Drs|Capts?|Maj|Cmdr|Cols?|Lts?|Sgts?|Amb|Insp|Supt|Atty|Msgr|Brig|Pvt|Cpl|Smt|Revs?)\.$"
)


class AnnotateError(Exception):
    """The language model failed on a text.

    Attributes:
        reason: a key of schemas.quarantine.REASONS.
    """

    reason = "annotate-failed"


def load_model(name: str = DEFAULT_MODEL) -> Language:
    """Loads a spaCy pipeline with tagger, parser, lemmatiser and entities.

    Raises:
        OSError: No such model is installed.
    """
    nlp = spacy.load(name, exclude=["senter", "textcat", "sentencizer"])
    # slips such as `said,“We go”` leave no space to split at
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=[A-Za-z]),(?=[\"'])", r"(?<=[A-Za-z,.:;!?])\"(?=[A-Za-z])"]
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    tokenizer.token_match = lambda word: _GIVEN_NAME.match(word) or _TITLE.match(word)
    return nlp


def is_two_syllables(word: str) -> bool:
    """Whether a word is spelt as a Korean or Chinese given name of two syllables: `Jae-in`, `Ching-te`."""
    return _GIVEN_NAME.match(word) is not None


def make_doc(text: str, nlp: Language) -> Doc:
    """Tokenises a text sentence by sentence: `doc.sents` will be exactly those of split_sentences.

    White space between sentences is the tail of the sentence before; see trim_span.

    Returns:
        An unparsed Doc; `doc.text` has the length and the offsets of `text`, up to MAX_CHARACTERS.
    """
    ranges = split_sentences(text[:MAX_CHARACTERS])
    copy = reading_copy(text[:MAX_CHARACTERS])
    if len(text) > MAX_CHARACTERS:
        ranges = ranges[:-1] or [(0, MAX_CHARACTERS)]
        copy = copy[: ranges[-1][1]]
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []

    def add_gap(gap: str) -> None:
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)

    at = 0
    for start, end in ranges:
        add_gap(copy[at:start])
        starts.append(len(words))
        for word, space in _tokenise(copy[start:end], nlp.tokenizer):
            words.append(word)
            spaces.append(space)
        at = end
    add_gap(copy[at:])
    begins = {0, *starts}
    # Set one by one, each would go through all tokens.
    return Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=[i in begins for i in range(len(words))])


def _tokenise(text: str, tokenizer: Callable[[str], Doc]) -> Iterator[tuple[str, bool]]:
    """Words of a sentence, and whether a space follows; a run of signs longer than any word stays whole.

    spaCy takes a run apart sign by sign, and goes through the rest of it each time.
    """
    at = 0
    for run in [*_LONG_RUN.finditer(text), None]:
        for token in tokenizer(text[at : run.start() if run else len(text)]):
            yield token.text, bool(token.whitespace_)
        if run:
            yield run[1], bool(run[2])
            at = run.end()


def annotate_texts(texts: Iterable[str], nlp: Language) -> Iterator[Doc]:
    """Parses texts in order, in batches.

    Raises:
        AnnotateError: The model failed on one of them.
    """
    try:
        yield from nlp.pipe((make_doc(text, nlp) for text in texts), batch_size=BATCH)
    except (ValueError, IndexError, MemoryError) as error:
        raise AnnotateError(f"the model {nlp.meta.get('name')} failed: {error}") from error


def trim_span(span: Span) -> tuple[int, int]:
    """Finds where a span begins and ends without white-space tokens: the range of its sentence or phrase in the text."""
    first, last = span.start, span.end - 1
    doc = span.doc
    while first < last and doc[first].is_space:
        first += 1
    while last > first and doc[last].is_space:
        last -= 1
    return doc[first].idx, doc[last].idx + len(doc[last])
