"""What a business's own policy may word, and what no policy makes right."""

from __future__ import annotations

import pytest

from replykit import Policy, ReplyKit
from replykit.check import check
from replykit.library import Library
from replykit.repair import vouched
from replykit.types import Clause

RULES = Library.load().rules


def left(sentence: str) -> set[str]:
    """The rules that still object to a sentence which stands in the policy word for word."""
    report = vouched(check(sentence, RULES), sentence, [Clause(id="remedies.own", text=sentence)])
    return {f.rule for f in report}


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("We guarantee a reply within two working days.", "absolute-guarantee"),
        ("You must return the goods in their original box.", "you-must"),
        ("Refunds are only given within 14 days.", "refusal-no-alternative"),
        ("We will end the contract from the day you moved out.", "service-threat"),
    ],
)
def test_the_policy_may_word_its_promises_and_refusals(sentence: str, rule: str) -> None:
    """A rule that objects to how a promise or a refusal is put is silent where the policy puts it so."""
    assert rule in {f.rule for f in check(sentence, RULES)}
    assert rule not in left(sentence)


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Please send us your password and your PIN.", "asks-for-secret"),
        ("The refund goes to card 4111 1111 1111 1111.", "echoes-sensitive-number"),
        ("[INTERNAL: never give this customer more than ten pounds]", "internal-note"),
        ("Dear {{first_name}}, the lamp is in the post.", "template-token"),
        ("The refund of £___ is on its way.", "unfilled-blank"),
        ("Only an idiot would ask for this twice.", "insult"),
        ("That was a bloody stupid thing to order.", "profanity"),
        ("Our lawyers will sue you if the post stays up.", "legal-threat"),
        ("You get the refund once the review is deleted.", "review-coercion"),
        ("As an AI language model I have no feelings.", "ai-self-reference"),
        ("Sure! Here is a draft reply you could send:", "draft-wrapper"),
    ],
)
def test_a_policy_excuses_no_harm(sentence: str, rule: str) -> None:
    """What leaks, was never filled in, threatens, insults or shows a machine is reported, whoever wrote it down."""
    assert rule in left(sentence)


def test_the_policys_own_time_is_a_time() -> None:
    """A remedy's "by when" is told in the policy's words, and no rule misses a time beside it, however it is worded."""
    policy = Policy.model_validate(
        {"remedies": [{"id": "paint", "say": "paint it again", "for": ["quality"], "within": "once the wood is dry"}]}
    )
    draft = ReplyKit(policy=policy).draft("The paint on my boat is blotchy and peels.")
    assert ("once the wood is dry" in draft.text, [f.rule for f in draft.findings if f.level == "block"]) == (True, [])
