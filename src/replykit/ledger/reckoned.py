"""The room of sums that nobody granted in figures, and that still are what was granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from replykit.ledger.grants import Grant, Grants
from replykit.ledger.money import Sum

CENT = 0.011


def same_sums(amounts: Sequence[Sum], grants: Grants) -> list[Grant]:
    """The offers whose sums are those of a sentence: "an offer of fifty euros" says back the €50 that are granted."""
    offers = [g for g in grants.grants if g.is_offer]
    found = [grant for amount in amounts if (grant := grants.for_sum(amount, offers)) is not None]
    return found if len(found) == len(amounts) else []


def reckoned(amount: Sum, fitting: Sequence[Grant], named: Iterable[Sum]) -> Grant | None:
    """The grant of a share that a sum comes to: half of the €124 that are named beside it, or that the customer paid."""
    wholes = [s.amount for s in named if s.unit != "%" and s.amount > amount.amount]
    for grant in fitting:
        shares = [share for s in grant.sums if s.unit == "%" for share in (s.amount, 100 - s.amount)]
        if any(abs(whole * share / 100 - amount.amount) < CENT for whole in wholes for share in shares):
            return grant
    return None
