"""Who is who inside one article: names, short forms, titles, descriptions and pronouns resolved to the fullest name."""

import bisect

from spacy.tokens import Doc, Span, Token

from schemas.event import Actor
from transforms.events.definite import find_described
from transforms.events.descriptions import describe_people
from transforms.events.name_kinds import correct_kinds, unlabelled_names
from transforms.events.names_table import find_country, find_demonym, find_seat, titles, word_set
from transforms.events.phrases import conjuncts, noun_phrase, phrase_country, phrase_head, phrase_name, trim_phrase
from transforms.events.quotes import Quotes
from transforms.events.referents import (
    NameSpan,
    Referent,
    find_names,
    gather_bodies,
    gather_people,
    is_credit,
    taken_by,
)
from transforms.events.salience import best_antecedent

_PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n",
}  # fmt: skip
_SPEAKERS = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
_AUTHORING = frozenset("by from in published released issued compiled signed written sent posted".split())  # noqa: SIM905


class Names:
    """The table of who is who; made by build_names."""

    def __init__(self, doc: Doc, quotes: Quotes) -> None:
        self.doc = doc
        self.quotes = quotes
        self.text = quotes.text
        self.referents: list[Referent] = []
        self._at: dict[int, Referent] = {}
        self._speakers: dict[int, Referent] = {}
        self._sentence_starts = [sentence.start for sentence in doc.sents]
        spans = [span for span in find_names(doc) if not is_credit(doc, span)]
        spans = sorted([*spans, *unlabelled_names(doc, taken_by(doc, spans))], key=lambda span: span.start)
        correct_kinds(doc, spans)
        self._add_names(spans)
        self._add_descriptions()

    # Building

    def _add_names(self, spans: list[NameSpan]) -> None:
        people, bodies = gather_people(spans), gather_bodies(spans, self.doc)
        describe_people(self.doc, spans, people)
        others: dict[tuple[str, str], Referent] = {}
        for index, span in enumerate(spans):
            referent = people.get(index) or bodies.get(index)
            if referent is None:
                referent = others.setdefault((span.kind, _name_of(span)), _other(span))
            if referent.kind == "person":
                self._add_title_gender(span, referent)
            for i in range(span.start, span.end):
                self._at[i] = referent
        self.referents = list({id(one): one for one in self._at.values()}.values())
        self._add_surnames(people)
        for i in sorted(self._at):
            referent = self._at[i]
            if (
                self.doc[i].head.i == i
                or self._at.get(self.doc[i].head.i) is not referent
                or self.doc[i].dep_ != "compound"
            ):
                referent.mentions.append(i)

    def _add_title_gender(self, span: NameSpan, referent: Referent) -> None:
        before = self.doc[span.start - 1].lower_.rstrip(".") if span.start else ""
        if referent.gender is None and before in word_set("male_titles"):
            referent.gender = "m"
        elif referent.gender is None and before in word_set("female_titles"):
            referent.gender = "f"

    def _add_surnames(self, people: dict[int, Referent]) -> None:
        """Words that repeat a known person's family name where the model saw no name, or another kind of name."""
        known: dict[str, Referent] = {}
        for referent in {id(one): one for one in people.values()}.values():
            parts = referent.name.split()
            if len(parts) > 1:
                known.setdefault(parts[-1], referent)
        for token in self.doc:
            person = known.get(token.text)
            if person is None or len(token) < 3 or token.dep_ == "compound":
                continue
            present = self._at.get(token.i)
            if present is None or (present.kind != "person" and present.name == token.text):
                self._at[token.i] = person

    def _add_descriptions(self) -> None:
        """Goes through the text once; what a phrase or pronoun refers to may be a phrase or pronoun before it."""
        for token in self.doc:
            if token.i in self._at:
                continue
            if token.pos_ == "PRON":
                self._add_pronoun(token)
            elif token.pos_ in ("NOUN", "PROPN") and token.dep_ not in ("compound", "amod", "nmod"):
                self._add_phrase(token)

    def _mention(self, token: Token, referent: Referent) -> None:
        self._at[token.i] = referent
        bisect.insort(referent.mentions, token.i)

    def _add_pronoun(self, token: Token) -> None:
        kind = _PRONOUNS.get(token.lower_)
        if kind is None:
            return
        referent = best_antecedent(token, kind, self.referents, self.quotes, self.sentence_number)
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
            child.dep_ in ("det", "poss") and child.lower_ in ("the", "that", "this", "its", "their", "these", "those")
            for child in head.children
        )
        named = self._appositive(head) or self._in_apposition(head)
        found = named or (self._definite(head, kind, plural) if definite else None)
        if found is None:
            found = Referent(
                phrase_name(head, self),
                "group" if kind == "person" and plural else kind,
                country=phrase_country(head),
                gender=_phrase_gender(lemma) if not plural else None,
                plural=plural or lemma in ("police", "family", "people"),
                named=False,
                words={lemma, *(child.lower_ for child in head.lefts if child.dep_ in ("compound", "amod"))},
            )
            if kind == "document":
                found.author = self._author(head)
            self.referents.append(found)
        self._mention(head, found)

    def _appositive(self, head: Token) -> Referent | None:
        """`the prime minister, Nikol Pashinyan,`."""
        for child in head.children:
            if child.dep_ == "appos" and child.i > head.i:
                named = self._at.get(child.i)
                if named is not None and named.kind == "person" and head.lemma_.lower() in word_set("people"):
                    return named
        return None

    def _in_apposition(self, head: Token) -> Referent | None:
        """`Eswar Prasad, a trade professor`: the description is the person before it."""
        if (
            head.dep_ == "appos"
            and head.lemma_.lower() in word_set("people")
            and self.doc[head.left_edge.i - 1].is_punct
        ):
            named = self._at.get(head.head.i)
            return named if named is not None and named.kind == "person" and head.head.i < head.i else None
        return None

    def _author(self, head: Token) -> Referent | None:
        """Whose document it is: its possessor, `by X`, or the subject of `said in a statement`."""
        for child in head.children:
            if child.dep_ == "poss" and child.i in self._at:
                return self._at[child.i]
            if (
                child.dep_ == "compound"
                and child.i in self._at
                and self._at[child.i].kind in ("organisation", "person")
            ):
                return self._at[child.i]
            if child.dep_ == "compound" and child.lemma_.lower() in word_set("bodies"):
                return self._definite(child, "organisation", False)
            if child.dep_ in ("prep", "acl") and child.lower_ in _AUTHORING:
                for inner in child.subtree:
                    if inner.i in self._at and inner.dep_ == "pobj" and inner.head.lower_ in ("by", "from", "in"):
                        return self._at[inner.i]
            if child.dep_ == "relcl" and child.lemma_ in (
                "write",
                "issue",
                "publish",
                "release",
                "send",
                "post",
                "sign",
            ):
                subject = next((one for one in child.lefts if one.dep_ == "nsubj" and one.i in self._at), None)
                if subject is not None:
                    return self._at[subject.i]
        above = head.head
        if head.dep_ == "pobj" and above.lower_ in ("in", "through", "via") and above.head.pos_ == "VERB":
            for child in above.head.children:
                if child.dep_ == "nsubj" and child.i in self._at:
                    return self._at[child.i]
        return None

    def _definite(self, head: Token, kind: str | None, plural: bool) -> Referent | None:
        return find_described(head, kind, plural, self.referents, self.quotes, self.sentence_number)

    # Asking

    def sentence_number(self, index: int) -> int:
        """Numbers the sentence of a token index, from 1."""
        return bisect.bisect_right(self._sentence_starts, index)

    def referent(self, token: Token) -> Referent | None:
        """Finds the party that a word, as the head of its phrase, stands for."""
        if token.lower_ in _RELATIVES and token.head.dep_ in ("relcl", "acl"):
            return self.referent(phrase_head(token.head.head))
        if token.lower_ in _SPEAKERS:
            quote = self.quotes.at(token.idx)
            return self._speakers.get(quote.start) if quote else None
        head = phrase_head(token)
        found = self._at.get(head.i)
        if found is None or found.kind != "person" or not found.named:
            return self._apposed(head) or found
        return found

    def _apposed(self, head: Token) -> Referent | None:
        """The person named in apposition to a phrase, also where the parse hangs the name lower: `the aide of X, Ann Ode,`."""
        if head.tag_ in ("NNS", "NNPS") or head.pos_ == "PRON":
            return None
        if head.lower_.rstrip(".") in titles() and head.i + 1 < len(self.doc):
            following = self._at.get(head.i + 1) or self._at.get(head.i + 2)
            if following is not None and following.kind == "person" and following.named:
                return following
        for token in self.doc[head.i + 1 : min(head.right_edge.i + 1, head.i + 30)]:
            if token.dep_ in ("relcl", "acl"):
                break
            if token.dep_ == "appos" and self.doc[token.left_edge.i - 1].text == ",":
                named = self._at.get(token.i)
                if named is not None and named.kind in ("person", "organisation") and named.named:
                    before = self._at.get(head.i)
                    if named.kind == "person" or (
                        before is not None and not before.named and before.kind == "organisation"
                    ):
                        return named
        return None

    def set_speaker(self, start: int, token: Token) -> None:
        """Notes that the quotation that starts at `start` is spoken by `token`'s party, for the `I` inside it."""
        referent = self.referent(token)
        if referent is not None:
            self._speakers.setdefault(start, referent)

    def phrase(self, token: Token) -> Span:
        """Gives the full noun phrase around its head, without white space and punctuation at its ends."""
        return noun_phrase(token)

    def actor(self, words: Token | Span, role: str) -> Actor | None:
        """Resolves a noun phrase, given by its head or as a span, to one party.

        Args:
            words: head of the phrase, or the phrase.
            role: one of schemas.event.ROLES.

        Returns:
            None for a pronoun whose party cannot be told and for words that name none.
        """
        token = words.root if isinstance(words, Span) else words
        head = phrase_head(token)
        referent = self.referent(token)
        if referent is not None and referent.kind == "document" and referent.author is not None:
            referent = referent.author
        mention = self._verbatim(trim_phrase(token))
        if referent is not None:
            kind = referent.kind if referent.kind != "document" else None
            name = referent.name
            if referent.named and referent.kind == "organisation":
                name = self._fuller_body(referent)
            return Actor(name, role, mention, kind, referent.country)
        if token.pos_ == "PRON" or not any(char.isalpha() for char in head.text):
            return None
        name = phrase_name(head, self)
        return Actor(name, role, mention, _phrase_kind(head), phrase_country(head)) if name else None

    def actors(self, words: Token | Span, role: str) -> list[Actor]:
        """Resolves a noun phrase to all its parties: coordination and lists come apart, each party once."""
        token = words.root if isinstance(words, Span) else words
        found: dict[str, Actor] = {}
        for one in conjuncts(token):
            actor = self.actor(one, role)
            if actor is not None:
                found.setdefault(actor.name, actor)
        return list(found.values())

    def _verbatim(self, span: Span) -> str:
        return self.text[span.start_char : span.end_char]

    def _fuller_body(self, referent: Referent) -> str:
        """`Ukraine's Air Force`: a possessor belongs to a body's name."""
        if "'s " in referent.name or "’s " in referent.name:
            return referent.name
        for i in referent.mentions:
            for child in self.doc[i].children:
                owner = self._at.get(child.i) if child.dep_ == "poss" else None
                if owner is not None and owner is not referent and owner.kind in ("country", "organisation"):
                    return f"{owner.name}'s {referent.name}"
        return referent.name


def build_names(doc: Doc, quotes: Quotes) -> Names:
    """Builds the table of who is who of a parsed article."""
    return Names(doc, quotes)


def _name_of(span: NameSpan) -> str:
    country = find_country(span.text) if span.kind == "country" else None
    return (country.name if country else None) or span.text


def _other(span: NameSpan) -> Referent:
    name = _name_of(span)
    country = find_country(span.text) or find_demonym(span.text) or find_seat(span.text)
    return Referent(name, span.kind, country=country.code if country else None, plural=span.kind == "group")


def _phrase_gender(lemma: str) -> str | None:
    if lemma in word_set("male_titles") or lemma in ("man", "father", "son", "brother", "husband", "boy", "king"):
        return "m"
    if lemma in word_set("female_titles") or lemma in (
        "woman",
        "mother",
        "daughter",
        "sister",
        "wife",
        "girl",
        "queen",
    ):
        return "f"
    return None


def _phrase_kind(head: Token) -> str | None:
    lemma = head.lemma_.lower()
    if lemma in word_set("people"):
        return "group" if head.tag_ in ("NNS", "NNPS") else "person"
    return "organisation" if lemma in word_set("bodies") else None
