"""The table of who is who, made in one pass: names first, then phrases and pronouns in text order."""

import bisect

from spacy.tokens import Doc, Token

from transforms.events.authors import find_author
from transforms.events.couples import find_counted, find_couples
from transforms.events.definite import find_bare, find_described, find_own_country, find_relation, find_unnamed
from transforms.events.descriptions import describe_names, noun_gender
from transforms.events.gathering import gather_bodies, gather_people, initials
from transforms.events.gazetteer import is_country_name
from transforms.events.name_kinds import correct_kinds, trim_names, unlabelled_names
from transforms.events.name_lists import find_country, find_demonym, find_seat, word_set
from transforms.events.name_repairs import find_apposed_holder, find_office_holder, repair_names
from transforms.events.name_spans import find_names, is_credit, taken_by
from transforms.events.phrases import goes_on_list, is_aged, is_native, phrase_country, phrase_name
from transforms.events.quotes import Quotes
from transforms.events.referents import NameSpan, Referent, without_article
from transforms.events.salience import best_antecedent
from transforms.events.topics import find_epithet, find_native

_PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n",
}  # fmt: skip
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
_DEFINITE = frozenset({"the", "that", "this", "its", "their", "these", "those"})


class NameTable:
    """Who is who.

    Attributes:
        doc: the parsed article. quotes: its quotations.
        referents: all parties. at: index of a token -> the party that it names, in part or as the head of a phrase.
    """

    def __init__(self, doc: Doc, quotes: Quotes) -> None:
        self.doc = doc
        self._tokens = list(doc)  # spaCy makes a token anew each time it is asked for one
        self.quotes = quotes
        self.referents: list[Referent] = []
        self.at: dict[int, Referent] = {}
        self._documents: list[tuple[Token, Referent]] = []
        self._sentence_starts = [sentence.start for sentence in doc.sents]
        spans = [span for span in find_names(doc) if not is_credit(doc, span)]
        spans = sorted([*spans, *unlabelled_names(doc, taken_by(doc, spans))], key=lambda span: span.start)
        spans = repair_names(doc, spans)
        trim_names(doc, spans)
        correct_kinds(doc, spans)
        self._people = {span.start: span.end - 1 for span in spans if span.kind == "person"}
        self._add_names(spans)
        self._add_descriptions()

    def referent(self, token: Token) -> Referent | None:
        """Finds the party that a word stands for."""
        return self.at.get(token.i)

    def sentence_number(self, index: int) -> int:
        """Numbers the sentence of a token index, from 1."""
        return bisect.bisect_right(self._sentence_starts, index)

    def _add_names(self, spans: list[NameSpan]) -> None:
        people, bodies = gather_people(self.doc, spans), gather_bodies(spans, self.doc)
        describe_names(self.doc, spans, {**people, **bodies})
        others: dict[tuple[str, str], Referent] = {}
        for index, span in enumerate(spans):
            referent = people.get(index) or bodies.get(index)
            if referent is None:
                referent = others.setdefault((span.kind, _name_of(span)), _other(span))
            if referent.kind == "person":
                self._add_title_gender(span, referent)
            for i in range(span.start, span.end):
                self.at[i] = referent
        self.referents = list({id(one): one for one in self.at.values()}.values())
        self._add_surnames(people)
        for i in sorted(self.at):
            referent = self.at[i]
            if (
                self.doc[i].head.i == i
                or self.at.get(self.doc[i].head.i) is not referent
                or self.doc[i].dep_ != "compound"
            ):
                referent.mentions.append(i)
        self.referents += find_couples(self._tokens, self.at)

    def _add_title_gender(self, span: NameSpan, referent: Referent) -> None:
        before = self.doc[span.start - 1].lower_.rstrip(".") if span.start else ""
        if referent.gender is None and before in word_set("male_titles"):
            referent.gender = "m"
        elif referent.gender is None and before in word_set("female_titles"):
            referent.gender = "f"

    def _add_surnames(self, people: dict[int, Referent]) -> None:
        """Words that repeat a known person's family name, or a body's initials, where the model saw no or another name."""
        known: dict[str, Referent] = {}
        short = {initials(one.name): one for one in self.referents if one.kind == "organisation"}
        for token in self._tokens:
            if len(token) > 2 and token.is_upper and token.text in short and token.i not in self.at:
                self.at[token.i] = short[token.text]
        for referent in {id(one): one for one in people.values()}.values():
            parts = referent.name.split()
            if len(parts) > 1:
                known.setdefault(without_article(parts[-1]), referent)
        for token in self._tokens:
            person = known.get(token.text)
            if person is None or len(token) < 3 or token.dep_ == "compound":
                continue
            present = self.at.get(token.i)
            if present is None or (present.kind != "person" and present.name == token.text):
                self.at[token.i] = person

    def _add_descriptions(self) -> None:
        """Goes through the text once; what a phrase or pronoun refers to may be a phrase or pronoun before it."""
        for token in self._tokens:
            if is_native(token):
                self._add_native(token)
            if token.i in self.at:
                continue
            if token.pos_ == "PRON":
                self._add_pronoun(token)
            elif is_aged(token):
                self._add_aged(token)
            elif token.pos_ in ("NOUN", "PROPN") and token.dep_ not in ("compound", "amod", "nmod"):
                self._add_phrase(token)
        for head, document in self._documents:
            document.author = find_author(head, self.at, lambda body: self._definite(body, "organisation", False))
        self._identify()

    def _identify(self) -> None:
        """`He identified himself as X` names somebody unnamed until then."""
        for token in self._tokens:
            if token.lemma_ not in ("identify", "introduce", "name") or token.pos_ != "VERB":
                continue
            subject = next((self.at.get(child.i) for child in token.lefts if child.dep_ == "nsubj"), None)
            reflexive = any(child.dep_ == "dobj" and child.lower_ in ("himself", "herself") for child in token.rights)
            named = next(
                (
                    self.at.get(inner.i)
                    for child in token.rights
                    if child.dep_ == "prep" and child.lower_ == "as"
                    for inner in child.children
                ),
                None,
            )
            if reflexive and subject is not None and not subject.named and named is not None and named.kind == "person":
                subject.name, subject.named, subject.gender = named.name, True, named.gender or subject.gender
                for one in self.referents:  # earlier phrases of the same head are the same person
                    if not one.named and one.kind == "person" and one.words & subject.words & word_set("people"):
                        one.name, one.named = named.name, True

    def _mention(self, token: Token, referent: Referent) -> None:
        self.at[token.i] = referent
        bisect.insort(referent.mentions, token.i)

    def _add_pronoun(self, token: Token) -> None:
        kind = _PRONOUNS.get(token.lower_)
        if kind is None:
            return
        referent = best_antecedent(token, kind, self.referents, self.quotes, self.sentence_number)
        if referent is not None:
            self._mention(token, referent)

    def _add_aged(self, token: Token) -> None:
        """`the 56-year-old`: the person most in mind."""
        referent = best_antecedent(token, "h", self.referents, self.quotes, self.sentence_number)
        if referent is not None:
            self._mention(token, referent)

    def _add_native(self, token: Token) -> None:
        referent = find_native(token, self.referents, self.quotes, self.sentence_number)
        if referent is not None:
            self._mention(token, referent)

    def _add_phrase(self, head: Token) -> None:
        lemma = head.lemma_.lower()
        kind = "person" if lemma in word_set("people") else None
        kind = kind or ("organisation" if lemma in word_set("bodies") else None)
        kind = kind or ("document" if lemma in word_set("documents") else None)
        if kind is None and not (head.dep_ in _SUBJECTS and head.pos_ in ("NOUN", "PROPN")):
            return
        plural = head.tag_ in ("NNS", "NNPS")
        definite = any(
            (child.dep_ in ("det", "poss") and child.lower_ in _DEFINITE)
            or (child.dep_ == "poss" and child.pos_ == "PROPN")
            for child in head.children
        )
        if plural or (definite and lemma in ("pair", "duo", "couple", "trio")):
            named = self._in_apposition(head) or find_counted(head, self.referents, self.sentence_number)
        else:
            named = self._appositive(head) or self._in_apposition(head)
        if named is not None and definite and not plural:
            self._name_earlier(head, named)
        if definite:
            found = named or self._definite(head, kind, plural)
        else:
            found = named or find_relation(head, self.referents) or find_bare(head, self.referents)
        found = find_own_country(head, self.referents) or found
        if found is None and kind == "person" and definite and not plural:
            found = find_epithet(head, self.referents, self.quotes, self.sentence_number)
        if found is None:
            found = Referent(
                phrase_name(head, self),
                "group" if kind == "person" and plural else kind,
                country=phrase_country(head),
                gender=noun_gender(lemma) if not plural else None,
                plural=plural or lemma in ("police", "family", "people", "pair", "duo"),
                named=False,
                words={lemma, *(child.lower_ for child in head.lefts if child.dep_ in ("compound", "amod"))},
            )
            self.referents.append(found)
            if kind == "document":
                self._documents.append((head, found))
        self._mention(head, found)

    def _name_earlier(self, head: Token, named: Referent) -> None:
        """`A spokesman said … the spokesman, Ann Ode, said`: the first one was Ann Ode as well."""
        earlier = find_unnamed(head, self.referents)
        if earlier is not None:
            earlier.name, earlier.named, earlier.gender = named.name, True, earlier.gender or named.gender

    def _appositive(self, head: Token) -> Referent | None:
        """`the prime minister, Nikol Pashinyan,`."""
        holder = find_office_holder(head, self._people) or find_apposed_holder(head, self._people)
        if holder is not None:
            return self._describe_holder(head, holder)
        for child in head.children:
            if child.dep_ == "appos" and child.i > head.i:
                named = self.at.get(child.i)
                if named is not None and named.kind == "person" and head.lemma_.lower() in word_set("people"):
                    return named
        if head.dep_ == "nsubj" and head.head.lemma_ == "be":  # `The first witness was Ann Ode`
            found = [self.at.get(child.i) for child in head.head.rights if child.dep_ == "attr"]
            if found and found[0] is not None and found[0].named and found[0].kind == "person":
                return found[0]
        return None

    def _describe_holder(self, head: Token, last: int) -> Referent | None:
        holder = self.at.get(last)
        if holder is None:
            return None
        holder.words.add(head.lemma_.lower())
        holder.country = holder.country or phrase_country(head)
        for i in range(head.i + 1, last):  # `Minister of Finance and Trade Ann Ode` is one person
            self.at.setdefault(i, holder)
        return holder

    def _in_apposition(self, head: Token) -> Referent | None:
        """`Eswar Prasad, a trade professor`: the description is the person before it."""
        if head.dep_ == "appos" and goes_on_list(head):
            return None
        first = head.left_edge.i
        if (
            first > 1
            and head.dep_ not in _SUBJECTS
            and self.doc[first].lower_ == "the"
            and self.doc[first - 1].text == ","
        ):
            before = self.at.get(first - 2)  # `Ode and Finch, the champion`, wherever the parse hangs it
            if before is not None and before.kind == "person" and head.lemma_.lower() in word_set("people"):
                return before
        if (
            head.dep_ == "appos"
            and head.lemma_.lower() in word_set("people")
            and self.doc[head.left_edge.i - 1].is_punct
            and not self._is_subject(head)
        ):
            named = self.at.get(head.head.i)
            return named if named is not None and named.kind == "person" and head.head.i < head.i else None
        return None

    def _is_subject(self, head: Token) -> bool:
        """Whether a verb without a subject of its own follows at once: `In talks with Ode, the minister stated`."""
        after = self.doc[head.i + 1] if head.i + 1 < len(self.doc) else head
        finite = after.dep_ == "ROOT" and after.tag_ in ("VBD", "VBZ", "VBP")
        return finite and not any(child.dep_ in _SUBJECTS for child in after.lefts)

    def _definite(self, head: Token, kind: str | None, plural: bool) -> Referent | None:
        return find_described(head, kind, plural, self.referents, self.quotes, self.sentence_number)


def _name_of(span: NameSpan) -> str:
    """`Britain` is the United Kingdom, `Bavaria` stays Bavaria."""
    country = find_country(span.text) if span.kind == "country" else None
    whole = country is not None and (span.text in word_set("short_names") or is_country_name(span.text))
    return (country.name if country and whole else None) or span.text


def _other(span: NameSpan) -> Referent:
    name = _name_of(span)
    country = find_country(span.text) or find_demonym(span.text) or find_seat(span.text)
    return Referent(name, span.kind, country=country.code if country else None, plural=span.kind == "group")
