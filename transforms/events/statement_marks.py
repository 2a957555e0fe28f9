"""Quotations that their place alone ascribes: behind a colon, or closed right before a verb of whatever meaning."""

import dataclasses
import re

from spacy.tokens import Span, Token

from transforms.annotate.model import trim_span
from transforms.events.context import Context
from transforms.events.cue_speakers import find_speaker
from transforms.events.cues import Cue, word_list
from transforms.events.said_range import Said
from transforms.events.statement_details import Found
from transforms.events.statement_speakers import beside_quotation, may_speak

_COLON = re.compile(r":\s*$")


def behind_colon(sentence: Span, found: list[Found], context: Context) -> Found | None:
    """`Ode addressed the matter: “It is late.”`: whatever the verb, the quotation behind the colon is its subject's."""
    start, end = trim_span(sentence)
    for quote in context.quotes.in_range(start, end + 4):
        lead = context.text[start : quote.start]
        if not (quote.start > start and _COLON.search(lead)) or context.quotes.is_scare(quote):
            continue
        if any(one.said is not None and one.said.start <= quote.inner_start < one.said.end for one in found):
            continue
        verb = _lead_verb(sentence, quote.start)
        speaker = find_speaker(verb) if verb.pos_ == "VERB" and verb.idx < quote.start else None
        noun = _named_words(sentence, quote.start)
        if noun is not None:
            verb, speaker = noun
        cue = Cue(verb, (verb,), frozenset({"quote"}), "verb", speaker)
        actors = (
            tuple(context.names.actors(speaker, "speaker"))
            if speaker is not None and may_speak(cue, speaker, context)
            else ()
        )
        if actors and actors[0].type in ("person", "organisation", "group"):
            said = Said(quote.inner_start, quote.inner_end, quote, False, "colon")
            return Found(cue, said, actors, (verb.idx, verb.idx + len(verb)))
    return None


def _named_words(sentence: Span, stop: int) -> tuple[Token, Token] | None:
    """`Her message was clear: “Leave.”`: the noun for the words, and whose they are."""
    for token in sentence:
        if token.idx < stop and token.pos_ == "NOUN" and token.lemma_.lower() in word_list("nouns"):
            owner = next((child for child in token.lefts if child.dep_ == "poss"), None)
            heads = token.dep_ in ("ROOT", "nsubj", "dep") and owner is not None
            if heads and owner is not None:
                return token, owner
    return None


def _lead_verb(sentence: Span, stop: int) -> Token:
    """The main verb of what leads up to a quotation; the parse may take the quotation's for the sentence's."""
    if sentence.root.idx < stop:
        return sentence.root
    for token in sentence:
        main = token.pos_ == "VERB" and token.dep_ not in ("relcl", "advcl", "acl")
        if token.idx < stop and main and any(child.dep_ == "nsubj" and child.i < token.i for child in token.children):
            return token
    return sentence.root


def behind_close(sentence: Span, found: list[Found], context: Context) -> Found | None:
    """`“It is late,” Ode ranted.`: whatever the verb right behind a closed quotation, the words are its subject's."""
    start, end = trim_span(sentence)
    for quote in context.quotes.in_range(start, end):
        inner, text = context.quotes.inner(quote), context.text
        opened = quote.start <= start or not text[start : quote.start].strip()
        closed = inner.rstrip()[-1:] in (",", "?", "!") or text[quote.end : quote.end + 1] == ","
        if not (opened and closed) or quote.end >= end or len(inner.split()) < 3:
            continue
        if any(
            one.said is not None and one.said.start < quote.inner_end and quote.inner_start < one.said.end
            for one in found
        ):
            continue
        tail = [token for token in sentence if token.idx >= quote.end and not token.is_punct][:8]
        verb = next((token for token in tail if token.tag_ in ("VBD", "VBZ", "VBP") and token.pos_ == "VERB"), None)
        if verb is None:
            continue
        cue = Cue(verb, (verb,), frozenset({"quote"}), "verb", None)
        speaker = beside_quotation(cue, None, context)
        actors = tuple(context.names.actors(speaker, "speaker")) if speaker is not None else ()
        if actors and actors[0].type in ("person", "organisation", "country", "group"):
            said = Said(quote.inner_start, quote.inner_end, quote, True, "quote")
            cue = dataclasses.replace(cue, speaker=speaker)
            return Found(cue, said, actors, (verb.idx, verb.idx + len(verb)))
    return None
