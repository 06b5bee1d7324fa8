"""How a kit's rooms are furnished: everything that a flow works with, read once from the library."""

from __future__ import annotations

from replykit.checking import Checker
from replykit.classify import Classifier
from replykit.classify.language import Languages
from replykit.guard import Guard
from replykit.intake import installed_version
from replykit.library import Library
from replykit.mask import Masker
from replykit.plan import Cues
from replykit.rooms import Rooms, own_words
from replykit.types import Policy
from replykit.write import Wording


def open_rooms(
    library: Library, policy: Policy, checker: Checker, classifier: Classifier, *, asks: bool, ask_below: float
) -> Rooms:
    """The rooms of one kit.

    Args:
        library: Where every wording, cue and mask is read from.
        policy: What the business grants, laid over the default.
        checker: What drafts are checked with.
        classifier: Who reads complaints.
        asks: Whether there is a model.
        ask_below: The confidence under which the model reads too.
    """
    cues = Cues.from_library(library)
    return Rooms(
        library=library,
        policy=policy,
        rules=checker.rules,
        cues=cues,
        wording=Wording.from_library(library, cues),
        read=classifier,
        check=checker.draft,
        guard=Guard(library.data("guard.yaml"), library.label("guard.yaml"), lambda: own_words(library)),
        detect=Languages(library.data("classifier/languages.yaml")).of,
        masker=Masker(library.data("masks.yaml"), library.label("masks.yaml")),
        asks=asks,
        ask_below=ask_below,
        version=f"replykit {installed_version()}, wording {library.version}",
    )
