"""A strategy of your own: one file that says when it is used, what a model is told, and what is written without one.

`when` asks about the situation; a misspelt key is refused with the list of those that exist. See how a shipped one
looks with `replykit strategies thank-patience`.
"""

import tempfile
from pathlib import Path

from replykit import ReplyKit

STRATEGY = """\
---
title: Say who packed it
sources:
  - {article: house, heading: People behind the parcels}
condition: something arrived damaged, and the reply is an ordinary one
kinds: [reply]
when:
  - {issues: [damaged]}
order: 94
paragraph: closing
needs: []
---
# Instruction
One sentence that says that the packing team has been told what happened. No excuse, no promise.

# Offline
- I have shown your message to the people who pack our parcels.
- Our packing team has read what happened to your parcel.

# Why
A customer who hears that the right people know feels less alone with the broken thing.
"""

with tempfile.TemporaryDirectory() as folder:
    strategies = Path(folder) / "strategies"
    strategies.mkdir()
    (strategies / "say-who-packed-it.md.j2").write_text(STRATEGY, encoding="utf-8")

    kit = ReplyKit(prompts=folder)
    draft = kit.draft("The vase arrived broken. Please send me another one before my sister's birthday.")
    print(draft.text)
    print()
    print([move.strategy for move in draft.moves])
