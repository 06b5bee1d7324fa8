"""A rule of your own: one YAML file in a folder that is laid over the shipped ones.

The same file warns a model beforehand, checks the text afterwards, explains itself (`replykit rules no-nicknames
--prompts FOLDER`) and tests itself: its examples must be flagged, and let pass.
"""

import tempfile
from pathlib import Path

from replykit import ReplyKit

RULE = """\
kind: phrase
category: house
level: warn
message: '"{match}" is a nickname that only we use.'
why: Customers know the products by the names on the box.
source: house style, page 4
patterns:
  - the (big|little) fella
  - (our|the) (seven twenty|seven-twenty)
instead:
  - the Halden 720
examples:
  flag:
    - "The little fella is back in stock on Monday."
  allow:
    - "The Halden 720 is back in stock on Monday."
"""

with tempfile.TemporaryDirectory() as folder:
    rules = Path(folder) / "rules"
    rules.mkdir()
    (rules / "no-nicknames.yaml").write_text(RULE, encoding="utf-8")

    kit = ReplyKit(prompts=folder)
    for finding in kit.check("I have put the big fella aside for you."):
        print(f"{finding.rule} ({finding.level}): {finding.quote!r}")
        print(f"  {finding.why} Instead: {finding.instead[0]}")
