"""Any object that answers calls is a model: here, one that writes nothing itself and asks nobody.

A model gets a `Call` (messages, and the JSON schema that the answer must fit) and gives back an `Answer`. What it
writes is checked like everything else, and mended where it has to be. An endpoint that speaks chat completions needs
none of this: `ReplyKit("its-name", base_url="http://localhost:8080/v1")`.
"""

import json

from replykit import ReplyKit
from replykit.model import Deadline
from replykit.types import Answer, Call


class Terse:
    """Says one plain thing for each part that it is asked for, and one thing that must not be said."""

    name = "terse-1"

    def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The answer; it has until `deadline` to come, where it would take any time."""
        parts = call.schema_["properties"]
        said = dict.fromkeys(parts, "Thank you for writing; please calm down.")
        return Answer(text=json.dumps(said), model=self.name)


kit = ReplyKit(Terse(), policy={"company": "Lumen Lamps"})
draft = kit.draft("The reading lamp flickers, and my last email was never answered.")
print(draft.text)
print()
print("written by:", sorted({move.written_by for move in draft.moves}))
print("calm-down in the text:", "calm down" in draft.text)
print("asked:", [attempt.purpose for attempt in draft.attempts])
