"""Several brands from one process: the wording is read once, each brand has its own policy."""

from replykit import ReplyKit

POLICIES = {
    "Halden Audio": {
        "company": "Halden Audio",
        "agent": {"name": "Mira Solberg"},
        "remedies": [
            {"id": "swap", "say": "send you a new pair", "for": ["defective"], "within": "within 3 working days"}
        ],
    },
    "Corner Books": {
        "company": "Corner Books",
        "agent": {"name": "Theo Lindqvist"},
        "remedies": [{"id": "refund", "say": "refund what you paid", "for": ["defective", "damaged"]}],
        "rules_off": ["stock-phrase"],
    },
}

shared = ReplyKit()
brands = {name: shared.with_policy(policy) for name, policy in POLICIES.items()}

for name, message in [
    ("Halden Audio", "One side of the headphones stopped working after two weeks."),
    ("Corner Books", "The audiobook player stopped working after two weeks."),
]:
    draft = brands[name].draft(message)
    print(f"{name}\n{draft.text}\n")
