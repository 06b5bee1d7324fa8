"""The room that holds all rules together and finds, for a text, the few that can matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from replykit.errors import LibraryError
from replykit.rules.lexicon import Lexicon
from replykit.rules.pattern import Pattern, rarest
from replykit.rules.phrase import Hit, matches
from replykit.rules.reading import Reading, Sentence
from replykit.rules.record import LEVELS, Rule, read_rule, rule_id
from replykit.rules.vale import is_vale, read_vale

Entry = tuple[Rule, Pattern]
Asked = tuple[Entry, frozenset[str], tuple[frozenset[str], ...]]
"""A pattern, the words that all have to be there, and the sets of which one word has to be."""
SHIPPED = "prompts/rules/"
"""Our own files are verified by our tests and read as they are needed; anybody else's are verified at once."""
MOST_KNOWN = 4096
"""Sentences whose patterns are remembered: about two megabytes."""


class RuleSet(Mapping[str, Rule]):
    """Rules by id, with an index from words to the patterns that need them.

    Example:
        >>> RuleSet.build({"rules/hm.yaml": {"kind": "phrase", "category": "house", "level": "warn",
        ...     "message": "Say it plainly.", "patterns": ["hm"]}})["hm"].level
        'warn'
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = dict(rules)
        self._index: dict[bool, dict[str, list[Asked]]] = {False: {}, True: {}}
        self._always: dict[bool, list[Entry]] = {False: [], True: []}
        self._known: dict[bool, dict[str, list[Entry]]] = {False: {}, True: {}}
        for rule in self._rules.values():
            if rule.kind in ("phrase", "count"):
                for pattern in rule.patterns:
                    if (pattern.view or rule.view) == "words":
                        self._enter(rule, pattern)

    @classmethod
    def build(
        cls, records: Mapping[str, Any], *, off: Collection[str] = (), levels: Mapping[str, str] | None = None
    ) -> RuleSet:
        """Rules from what their files hold, keyed by path.

        A file in a folder named `lexicons` holds word lists. A Vale style (`extends: existence`, `substitution` or
        `occurrence`) is read as it is. A record without `kind` changes the keys of the rule of the same name.

        Args:
            records: What the files hold, parsed.
            off: Ids of rules to leave out.
            levels: Levels to change, by id.

        Raises:
            LibraryError: A record is broken, or `off` or `levels` names a rule that does not exist.
        """
        words = {path: record for path, record in records.items() if "/lexicons/" in f"/{path}"}
        lexicon = Lexicon(words)
        rules: dict[str, Rule] = {}
        for path, record in _merged({p: r for p, r in records.items() if p not in words}).items():
            rule = read_vale(path, record) if is_vale(record) else read_rule(path, record, lexicon)
            rules[rule.id] = rule if path.startswith(SHIPPED) else rule.verify()
        for name in (*off, *(levels or {})):
            if name not in rules:
                raise LibraryError("policy", "rules_off", f"there is no rule {name!r}; `replykit rules` lists them all")
        for name, level in (levels or {}).items():
            if level not in LEVELS:
                raise LibraryError("policy", f"levels.{name}", f"{level!r} is unknown; use block or warn")
            rules[name] = replace(rules[name], level=level)  # type: ignore[arg-type]  # one of LEVELS, as just checked
        return cls({name: rule for name, rule in sorted(rules.items()) if name not in off})

    def without(self, off: Collection[str]) -> RuleSet:
        """The same rules with some left out; unknown names are passed over."""
        return RuleSet({name: rule for name, rule in self._rules.items() if name not in off})

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def of_kind(self, *kinds: str) -> list[Rule]:
        """The rules of some kinds, in order of their names."""
        return [rule for rule in self._rules.values() if rule.kind in kinds]

    @cached_property
    def special(self) -> list[Rule]:
        """The rules that read a text in a way of their own."""
        return [r for r in self._rules.values() if r.kind != "commitment" and (r.kind != "phrase" or r.raw)]

    def hits(self, reading: Reading) -> Iterator[Hit]:
        """Everything that the wordings of phrase and count rules find in a text and nothing excuses."""
        for quoted in (False, True):
            if self._index[quoted] or self._always[quoted]:
                sentences = reading.unmasked if quoted else reading.sentences
                for index, sentence in enumerate(sentences):
                    for rule, pattern in self._matching(sentence, quoted):
                        yield from matches(rule, pattern, index, sentences)

    def _matching(self, sentence: Sentence, quoted: bool) -> list[Entry]:
        """The patterns that match in a sentence, remembered: replies share most of their sentences."""
        known = self._known[quoted].get(sentence.text)
        if known is None:
            if len(self._known[quoted]) >= MOST_KNOWN:
                self._known[quoted].clear()
            text = sentence.text
            known = [entry for entry in self._candidates(sentence, quoted) if entry[1].compiled.search(text)]
            self._known[quoted][text] = known
        return known

    def _candidates(self, sentence: Sentence, quoted: bool) -> list[Entry]:
        """The patterns all of whose words are in a sentence.

        This runs some hundred times for every text: hence two loops in one place, and no call within them.
        """
        index, words = self._index[quoted], sentence.words
        found = list(self._always[quoted])
        for word in index.keys() & words:
            for entry, all_of, one_of in index[word]:
                if all_of <= words:
                    for need in one_of:
                        if need.isdisjoint(words):
                            break
                    else:
                        found.append(entry)
        return found

    def _enter(self, rule: Rule, pattern: Pattern) -> None:
        if not pattern.needs:
            self._always[rule.quoted].append((rule, pattern))
            return
        chosen = rarest(pattern.needs)
        asked = (rule, pattern), pattern.all_of - chosen, tuple(need for need in pattern.one_of if need is not chosen)
        for word in chosen:
            self._index[rule.quoted].setdefault(word, []).append(asked)


def _merged(records: Mapping[str, Any]) -> dict[str, Any]:
    """Records with partial ones laid over the rule of the same name."""
    whole: dict[str, tuple[str, Any]] = {}
    for path, record in records.items():
        name = rule_id(path)
        partial = isinstance(record, dict) and "kind" not in record and not is_vale(record) and name in whole
        whole[name] = (path, whole[name][1] | record if partial else record)
    return dict(whole.values())
