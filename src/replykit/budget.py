"""What may be spent, and what has been: asked before every call, told after it."""

from __future__ import annotations

import re
import threading

from replykit.errors import BudgetError, InputError, SettingsError
from replykit.types import Usage

AMOUNT = re.compile(r"\s*(?:\$\s*(?P<dollars>[\d.]+)|(?P<tokens>[\d_,]+)\s*tokens?)\s*", re.IGNORECASE)


class Budget:
    """A limit in US dollars or in tokens. One object may be shared by many drafts, in threads too.

    Args:
        dollars: The most that may be spent; it needs a model whose price is known.
        tokens: The most tokens, read and written together.

    Example:
        >>> Budget.of("20,000 tokens")
        Budget(tokens=20000)
    """

    def __init__(self, *, dollars: float | None = None, tokens: int | None = None) -> None:
        self.dollars, self.tokens = dollars, tokens
        self.spent = Usage()
        self._reserved: list[Usage] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        limits = {"dollars": self.dollars, "tokens": self.tokens}
        return f"Budget({', '.join(f'{k}={v}' for k, v in limits.items() if v is not None)})"

    @classmethod
    def of(cls, value: Budget | float | str | None) -> Budget | None:
        """A budget from what a person writes: a number of dollars, `"$0.05"`, or `"20,000 tokens"`.

        Raises:
            InputError: It is none of these.
        """
        if value is None or isinstance(value, Budget):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return cls(dollars=float(value))
        if isinstance(value, str) and (match := AMOUNT.fullmatch(value)):
            if match["tokens"]:
                return cls(tokens=int(re.sub(r"[_,]", "", match["tokens"])))
            return cls(dollars=float(match["dollars"]))
        raise InputError(f'budget is {value!r}; give dollars (0.05 or "$0.05") or tokens ("20000 tokens")')

    def reserve(self, most: Usage) -> Usage:
        """Set aside what a call may use at most, until `settle` says what it did use.

        Raises:
            BudgetError: It could exceed what is left.
            SettingsError: The budget is in dollars, and the price of this model is not known.
        """
        with self._lock:
            held = sum([*self._reserved, most], start=self.spent)
            if self.dollars is not None:
                self._keep_dollars(most, held, self.dollars)
            if self.tokens is not None and _tokens(held) > self.tokens:
                spent = _tokens(self.spent)
                raise BudgetError(
                    f"the next call could exceed the budget of {self.tokens:,} tokens; {spent:,} are spent"
                )
            self._reserved.append(most)
            return most

    def _keep_dollars(self, most: Usage, held: Usage, limit: float) -> None:
        if most.cost is None:
            raise SettingsError(
                "the budget is in dollars, and the price of this model is not known: "
                'add it to prices.yaml, or give the budget as "20000 tokens"'
            )
        if (held.cost or 0.0) > limit:
            spent = self.spent.cost or 0.0
            raise BudgetError(f"the next call could exceed the budget of ${limit:.4g}; ${spent:.4f} is spent")

    def settle(self, reserved: Usage, used: Usage) -> None:
        """Replace what was set aside by what was used."""
        with self._lock:
            self._reserved = [other for other in self._reserved if other is not reserved]
            self.spent += used


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
