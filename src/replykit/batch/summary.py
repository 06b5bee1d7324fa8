"""What a batch did, in numbers: while it runs, and when it has ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from replykit.batch.outcome import Outcome
from replykit.types import Usage


@dataclass
class Summary:
    """The numbers of one run.

    Attributes:
        rows: Rows that have their line in the output.
        drafted: Drafts made by this run.
        known: Drafts that an earlier run had made.
        errors: Rows whose line is an error.
        ready: Drafts of this run that may go out as they are; the others need a look.
        fell_back: Drafts of this run in the offline wording because the model could not be reached; the next run tries
            them again.
        usage: What this run used.
        seconds: How long it took.
        stopped: Why it ended before its input did; empty where it did not.
        signal: The signal that stopped it, if one did.
        share: How much of the input has been read, from 0 to 1; None where nobody can know.
    """

    rows: int = 0
    drafted: int = 0
    known: int = 0
    errors: int = 0
    ready: int = 0
    fell_back: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    stopped: str = ""
    signal: int = 0
    share: float | None = 0.0

    @property
    def rate(self) -> float:
        """Drafts a second."""
        return self.drafted / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the end, if it goes on as it has; None where nobody can know."""
        if not self.share or not self.drafted or self.share >= 1:
            return None
        done = self.drafted + self.errors
        ahead = (done + self.known) / self.share * (1 - self.share)
        return ahead * self.seconds / done

    def count(self, outcome: Outcome) -> None:
        """One more row is done."""
        self.rows += 1
        if outcome.usage.calls or outcome.usage.retries:
            self.usage += outcome.usage
        if outcome.error is not None:
            self.errors += 1
            return
        self.drafted += 1
        self.ready += outcome.status == "ready"
        self.fell_back += not outcome.lasting

    def lines(self) -> list[str]:
        """The summary for a person, a line for each thing worth saying."""
        review = self.drafted - self.ready
        said = [f"{self.rows:,} rows: {self.drafted:,} drafted ({self.ready:,} ready, {review:,} to review)"]
        said[0] += f", {self.known:,} known from an earlier run" if self.known else ""
        said[0] += f", {self.errors:,} errors" if self.errors else ""
        said.append(f"{clock(self.seconds)}, {self.rate:,.1f} drafts a second")
        if self.usage.calls:
            said.append(spent(self.usage))
        if self.fell_back:
            said.append(
                f"{self.fell_back:,} in the offline wording, as the model could not be reached; run again for those"
            )
        if self.errors:
            said.append("rows with an error are tried again when you run the same command again")
        if self.stopped:
            said.append(f"stopped: {self.stopped}; run the same command again to go on")
        return said


def spent(usage: Usage) -> str:
    """Calls, tokens and money in one line."""
    money = f", ${usage.cost:,.4f}" if usage.cost is not None else ", price not known"
    retries = f", {usage.retries:,} retries" if usage.retries else ""
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    return (
        f"{usage.calls:,} calls{retries}, {usage.prompt_tokens:,}{cached} + {usage.completion_tokens:,} tokens{money}"
    )


def clock(seconds: float) -> str:
    """A time as people read it."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours} h {rest // 60:02} min" if hours else f"{rest // 60} min {rest % 60:02} s"
