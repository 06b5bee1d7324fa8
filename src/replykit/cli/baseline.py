"""The findings that are already known, so that only new ones count."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from replykit.cli.checked import Checked
from replykit.errors import InputError
from replykit.types import Finding, Report


class Known(NamedTuple):
    """A finding by what stays the same when the text around it moves."""

    file: str
    rule: str
    quote: str

    @classmethod
    def of(cls, name: str, finding: Finding) -> Known:
        """What a finding in a file is known by."""
        return cls(Path(name).as_posix(), finding.rule, " ".join(finding.quote.split()))


class Baseline:
    """How often each known finding occurs."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.known = Counter(known)

    @classmethod
    def of(cls, checked: Iterable[Checked]) -> Baseline:
        """The baseline that passes over everything found today."""
        return cls(Known.of(each.name, finding) for each in checked for finding in each.report)

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline in a file.

        Raises:
            InputError: There is no such file, or it is not a baseline.
        """
        try:
            rows = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls(Known(row["file"], row["rule"], row["quote"]) for row in rows)
        except FileNotFoundError:
            raise InputError(
                f"{path} does not exist; write it first: replykit check … --write-baseline {path}"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path} is not a baseline ({error}); write it anew with --write-baseline {path}"
            ) from None

    def write(self, path: str) -> None:
        """Write the baseline, one finding a row, sorted so that its changes read well in a diff."""
        found = [known._asdict() for known in sorted(self.known.elements())]
        Path(path).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def without_known(self, checked: Checked) -> Checked:
        """The same text with only the findings that are new; one known finding excuses one of its kind."""
        left, new = self.known.copy(), []
        for finding in checked.report:
            known = Known.of(checked.name, finding)
            if left[known] > 0:
                left[known] -= 1
            else:
                new.append(finding)
        return checked._replace(report=Report(findings=tuple(new), commitments=checked.report.commitments))
