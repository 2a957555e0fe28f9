"""The figures that decide what is near-identical, in one place."""

import dataclasses

DAY = 86_400


@dataclasses.dataclass(frozen=True, slots=True)
class DedupConfig:
    """What makes two texts one story.

    Attributes:
        sample_rate: one in so many shingle hashes is a candidate key (FracMinHash).
        sample_floor: but at least so many of the smallest.
        anchors: each document is paired with so many of the earliest that share a key.
        shared_keys: keys that a pair must share.
        candidates: a document is compared with so many at most, those that share most keys.
        window: seconds that may lie between near-identical stories.
        exact_window: seconds that may lie between exact copies.
        day_span: days before a story's day on which its shingles are counted.
        containment, weighted_containment: least share of the smaller text, plain and weighted by days.
        shared_weight: least weight, in shingles, that both have.
        ample_weight, ample_containment: who shares so much weight needs only this weighted containment: no template and
            no quotation is so long.
        numbers: least share of the poorer text's numbers that the other has, unless containment is `waived_at`.
        short: texts of fewer tokens are copies only when they are equal or agree in title and lead.
        titles: and equal ones only when their titles share more of the richer title's words.
        low_text: in one outlet, so are equal bodies of fewer tokens; others need titles that share a word where they have
            fewer tokens or one outlet.
        version_containment: below it a new version of an article is decided like a new story.
        part: a text of which the other fills less is more than a copy: their titles or leads must agree.
        lead: least share of the shorter lead's word pairs that agreeing leads have in common.
        template_gap, figures: seconds after which the same text with other figures (less than this share agrees) is
            another notice.
        alike: least Jaccard of texts that are alike as a whole, also where one is a digest.
        edition: least Jaccard between pages that are digests by their title.
        related: containment from which two texts count as related.
    """

    sample_rate: int = 8
    sample_floor: int = 16
    anchors: int = 3
    shared_keys: int = 2
    candidates: int = 64
    window: int = 3 * DAY
    exact_window: int = 30 * DAY
    day_span: int = 30
    containment: float = 0.3
    weighted_containment: float = 0.6
    shared_weight: float = 8.0
    ample_weight: float = 50.0
    ample_containment: float = 0.45
    numbers: float = 0.5
    waived_at: float = 0.85
    short: int = 25
    low_text: int = 60
    titles: float = 0.5
    version_containment: float = 0.3
    part: float = 0.6
    lead: float = 0.3
    template_gap: int = DAY // 2
    figures: float = 0.8
    alike: float = 0.6
    edition: float = 0.97
    related: float = 0.3

    def __post_init__(self) -> None:
        """Checks the figures.

        Raises:
            ValueError: a count is not positive or a share is not between 0 and 1.
        """
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.type is float and not field.name.endswith("_weight"):
                if not 0 < value <= 1:
                    raise ValueError(f"{field.name} must be a share between 0 and 1, not {value}")
            elif value <= 0:
                raise ValueError(f"{field.name} must be positive, not {value}")
        if self.window > self.exact_window:
            raise ValueError(f"window ({self.window} s) must not exceed exact_window ({self.exact_window} s)")

    @property
    def sample_limit(self) -> int:
        """Largest hash that is always sampled."""
        return (1 << 64) // self.sample_rate - 1
