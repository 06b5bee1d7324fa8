"""A house style: a folder shaped like `prompts/`, holding only what is different.

    house_style/prompts/policy.yaml                       what is granted, and in whose name
    house_style/prompts/strategies/thank-patience.md.j2   the same strategy in other words
    house_style/prompts/rules/house-we-are-a-co-op.yaml   a rule that only this house has

A file with the path of a shipped one takes its place; a new path adds one. `replykit draft --prompts
house_style/prompts` uses it on the command line.
"""

from pathlib import Path

from replykit import ReplyKit, compare

HERE = Path(__file__).parent
COMPLAINT = "The grow light stopped working after a month, and nobody has answered my two emails."

house = ReplyKit(prompts=HERE / "prompts")
both = compare(COMPLAINT, {"as shipped": ReplyKit(), "our house": house})
print(both)
print()
print([finding.rule for finding in house.check("As a company we value you.")])
