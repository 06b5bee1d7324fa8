"""`ReplyKit`: holds a library, a policy and perhaps a model, and offers the five stages; two kits never meet."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from replykit.asking import Log
from replykit.budget import Budget
from replykit.cascade import read
from replykit.check import Context
from replykit.checking import Checker
from replykit.classify import Classifier
from replykit.display.progress import watched
from replykit.errors import SettingsError
from replykit.intake import as_complaint, load_policy, load_weights, with_text
from replykit.judge import judge as judge_flow
from replykit.library import Library
from replykit.live import LiveDraft
from replykit.model import Deadline, OpenAIModel
from replykit.notes import handover_brief
from replykit.opening import open_rooms
from replykit.pipeline import draft_flow
from replykit.plan import decide, open_case, verify_conditions
from replykit.review import Signs, review, review_context
from replykit.run import arun, arun_many, run, run_many
from replykit.streaming import astream, stream
from replykit.telemetry import Logged, Telemetry, followed
from replykit.types import Classification, Complaint, Contact, Draft, Flow, Move, Plan, Policy, Report, Review, Scope
from replykit.write import Story


class ReplyKit:
    """Reads complaints, plans, drafts and checks replies.

    Args:
        model: A model's name for an OpenAI-compatible endpoint, or any object with `complete()` or `acomplete()`;
            None works offline, with the library's own wording.
        policy: What the business grants: a YAML file, a mapping or a `Policy`. What it leaves out keeps the embedded default.
        prompts: A folder shaped like `prompts/`, whose files win over the shipped ones.
        base_url: Where the endpoint is; None means OpenAI's, or `OPENAI_BASE_URL`.
        api_key: Its key; None means `OPENAI_API_KEY`.
        deadline: Seconds for one whole draft, whatever happens; None waits for ever.
        budget: What may be spent on the model: dollars, or a text such as `"20000 tokens"`.
        classifier: A folder made by `replykit train`; None uses the shipped weights.
        ask_below: Calibrated confidence under which the model is asked to read the complaint too.
        telemetry: What watches the drafts, such as `replykit.telemetry.OpenTelemetry()`; None writes one record each to
            the standard log, without a customer's words.

    Raises:
        PolicyError: The policy is broken; the message names the file, the key and the remedy.
        LibraryError: A file of the library is broken; likewise.
        SettingsError: The endpoint cannot be used as set.

    Example:
        >>> kit = ReplyKit()
        >>> kit.classify("My kettle broke after three weeks.").cause
        'product'
    """

    def __init__(
        self,
        model: Any = None,
        *,
        policy: str | Path | Mapping[str, Any] | Policy | None = None,
        prompts: str | Path | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        deadline: float | None = 60.0,
        budget: float | str | Budget | None = None,
        classifier: str | Path | None = None,
        ask_below: float = 0.6,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.library = Library.load(prompts)
        self.policy = load_policy(policy).over(self.library.policy)
        self.model = (
            OpenAIModel(model, base_url=base_url, api_key=api_key, library=self.library)
            if isinstance(model, str)
            else model
        )
        self.deadline, self.budget = deadline, Budget.of(budget)
        self.telemetry = telemetry or Logged()
        verify_conditions(self.library)
        self._checker = Checker(self.library, self.policy)
        self._classifier = Classifier.from_library(self.library, load_weights(classifier))
        self._signs = Signs(self.library)
        self._rooms = open_rooms(
            self.library, self.policy, self._checker, self._classifier, asks=self.model is not None, ask_below=ask_below
        )

    def __repr__(self) -> str:
        return f"ReplyKit({getattr(self.model, 'name', None) or 'offline'!r}, company={self.policy.company!r})"

    def with_policy(self, policy: str | Path | Mapping[str, Any] | Policy | None) -> ReplyKit:
        """A kit for another brand: the same wording, model and budget under another policy, at next to no cost.

        Args:
            policy: A path, a mapping or a `Policy`; what it does not say stays as the wording folder has it.

        Returns:
            A new kit; this one is unchanged.

        Raises:
            PolicyError: The policy is broken.

        Example:
            >>> kit.with_policy({"company": "Larkfield Boats"}).policy.company
            'Larkfield Boats'
        """
        other = copy.copy(self)
        other.policy = load_policy(policy).over(self.library.policy)
        if set(other.policy.rules_off) != set(self.policy.rules_off):
            other._checker = Checker(self.library, other.policy)  # noqa: SLF001  # a kit of the same class
        checker = other._checker  # noqa: SLF001  # a kit of the same class
        other._rooms = dataclasses.replace(self._rooms, policy=other.policy, rules=checker.rules, check=checker.draft)  # noqa: SLF001  # a kit of the same class
        return other

    # ------------------------------------------------------------ the stages

    def classify(self, complaint: str | Complaint) -> Classification:
        """How a complaint reads: cause, tone, stakes, requests, issues and the words that show them.

        Asks the model only where the local classifier is unsure.

        Args:
            complaint: A message, or a `Complaint` with what is known around it.

        Returns:
            The labels with their evidence; spans index the complaint's text.

        Raises:
            InputError: What was given is neither.
            SettingsError: The model was asked and refused for a reason that only the caller can mend.

        Example:
            >>> kit.classify("My kettle broke after three weeks.").issues[0].kind
            'defective'
        """
        complaint = as_complaint(complaint)
        return run(
            read(complaint, self._rooms, Log(self._rooms.mask(complaint))),
            self.model,
            deadline=self._deadline(),
            budget=self.budget,
        )

    def plan(self, complaint: str | Complaint) -> Plan:
        """Which strategies a reply follows, which not, and why. Same input, same plan.

        Args:
            complaint: As for `classify`.

        Returns:
            The kind of message, the moves in order, every strategy that was considered, and what may be promised.

        Raises:
            InputError, SettingsError: As for `classify`.

        Example:
            >>> kit.plan("My kettle broke after three weeks.").kind
            'reply'
        """
        complaint = as_complaint(complaint)
        case = open_case(complaint, self.classify(complaint), self.policy, self._rooms.cues)
        return decide(case, self.library.strategies)

    def draft(self, complaint: str | Complaint) -> Draft:
        """A checked reply with the reason for every sentence.

        Args:
            complaint: A message, or a `Complaint` with what is known around it.

        Returns:
            A draft without a blocking finding; `status` says whether a person has to look first.

        Raises:
            InputError: The complaint has no text at all.
            SettingsError: Only the caller can mend it: key, model name, base URL. Every other failure of a model ends in
                a usable draft whose `reasons` say what happened.

        Example:
            >>> kit.draft("My kettle broke after three weeks.").status
            'ready'
        """
        return run(self.flow(complaint), self.model, deadline=self._deadline(), budget=self.budget)

    async def adraft(self, complaint: str | Complaint) -> Draft:
        """`draft` for an event loop; cancelling it leaves nothing running.

        Args, Returns, Raises:
            As for `draft`.

        Example:
            >>> import asyncio
            >>> asyncio.run(kit.adraft("My kettle broke after three weeks.")).status
            'ready'
        """
        return await arun(self.flow(complaint), self.model, deadline=self._deadline(), budget=self.budget)

    def draft_many(
        self, complaints: Iterable[str | Complaint], *, concurrency: int = 64
    ) -> Iterator[Draft | Exception]:
        """One result per complaint, in the order of the input; errors are values. A notebook shows how far it is.

        Args:
            complaints: Any number; they are taken as they are needed.
            concurrency: How many are under way at a time.

        Returns:
            An iterator of drafts; where one failed, the error stands in its place.

        Example:
            >>> [r.status for r in kit.draft_many(["My kettle broke after three weeks."])]
            ['ready']
        """
        results = run_many(
            self.flow, complaints, self.model, concurrency=concurrency, seconds=self.deadline, budget=self.budget
        )
        return watched(results, complaints)

    def adraft_many(
        self, complaints: Iterable[str | Complaint] | AsyncIterable[str | Complaint], *, concurrency: int = 64
    ) -> AsyncIterator[Draft | Exception]:
        """`draft_many` for an event loop: `async for result in kit.adraft_many(…)`.

        Args:
            complaints: Any number, from a loop or an asynchronous one; they are taken as they are needed.
            concurrency: How many are under way at a time.

        Returns:
            An asynchronous iterator of drafts; where one failed, the error stands in its place.

        Example:
            >>> import asyncio
            >>> async def statuses():
            ...     return [r.status async for r in kit.adraft_many(["My kettle broke after three weeks."])]
            >>> asyncio.run(statuses())
            ['ready']
        """
        return arun_many(
            self.flow, complaints, self.model, concurrency=concurrency, seconds=self.deadline, budget=self.budget
        )

    def check(
        self,
        text: str,
        complaint: str | Complaint | None = None,
        *,
        offers: Collection[str] | None = None,
        deadlines: Collection[str] | None = None,
        scope: Scope = "fragment",
        second_tier: bool = True,
        advisory: bool = False,
        judge: bool = False,
    ) -> Report:
        """What is wrong in a reply, and what it commits to.

        Args:
            text: The reply, or a piece of one.
            complaint: What it answers; some rules need to know.
            offers: What may be offered, in plain words. None: not judged; empty: nothing may be.
            deadlines: Which times may be promised; likewise.
            scope: `reply` for a whole reply, so that what is missing counts too.
            second_tier: Also report, as warnings with a probability, sentences that read like an offence in words no rule knows.
            advisory: Also report advice on style: length, thanks, a signature, a follow-up.
            judge: Have the model read it too; it may add findings, never clear one.

        Returns:
            Findings with exact offsets into `text`, and the commitments with what licenses each.

        Raises:
            SettingsError: `judge` was asked for, and this kit has no model.
            ModelError: The model was asked to judge and did not answer.

        Example:
            >>> [f.quote for f in kit.check("Calm down, please.")]
            ['Calm down']
        """
        message = complaint.text if isinstance(complaint, Complaint) else complaint
        context = Context(
            customer_message=message,
            offers=None if offers is None else tuple(offers),
            deadlines=None if deadlines is None else tuple(deadlines),
            scope=scope,
            jargon=self.policy.jargon,
        )
        report = self._checker.reply(text, context, advisory=advisory, second_tier=second_tier)
        return self._judged(text, message, report) if judge else report

    def review(self, complaint: str | Complaint, text: str, *, reading: Classification | None = None) -> Review:
        """A reply that a person wrote, scored against the plan and the rules, with one to three things to do better.

        Args:
            complaint: What was answered.
            text: The reply that somebody wrote.
            reading: How the complaint reads, where somebody knows better than the classifier.

        Returns:
            The moves that are there and those that are missing, what breaks a rule, and advice.

        Raises:
            InputError, SettingsError: As for `classify`.

        Example:
            >>> kit.review("My kettle broke after three weeks.", "Calm down, it is only a kettle.").findings[-1].level
            'block'
        """
        complaint = as_complaint(complaint)
        case = open_case(complaint, reading or self.classify(complaint), self.policy, self._rooms.cues)
        plan = decide(case, self.library.strategies)
        report = self._checker.reply(text, review_context(case, plan), advisory=False, second_tier=True)
        return review(text, case, plan, report, self.library.strategies, self._signs)

    def follow_up(self, draft: Draft, complaint: str | Complaint) -> Draft:
        """The message after a resolution that asks whether it held.

        Args:
            draft: The reply that settled the case.
            complaint: What it answered.

        Returns:
            A draft of kind `follow_up`.

        Raises:
            InputError, SettingsError: As for `draft`.

        Example:
            >>> complaint = "My kettle broke after three weeks."
            >>> kit.follow_up(kit.draft(complaint), complaint).plan.kind
            'follow_up'
        """
        before = as_complaint(complaint)
        told = Contact(by="agent", agent=before.agent.name, text=draft.text, outcome="resolved")
        facts = {**before.facts, "resolved": True}
        return self.draft(before.model_copy(update={"history": (*before.history, told), "facts": facts}))

    def handover(self, complaint: str | Complaint) -> str:
        """Everything that the next person needs to know about a case, as plain text.

        Args:
            complaint: The message, or a `Complaint` with its history.

        Returns:
            Facts, history, what was said and promised, the mood, and the next step.

        Raises:
            InputError, SettingsError: As for `draft`.

        Example:
            >>> "kettle" in kit.handover("My kettle broke after three weeks.")
            True
        """
        complaint = as_complaint(complaint)
        draft = self.draft(complaint)
        case = open_case(complaint, draft.classification, self.policy, self._rooms.cues)
        return handover_brief(draft, case, Story(case, self._rooms.wording), self._rooms)

    def stream(self, complaint: str | Complaint) -> Iterator[Move]:
        """The moves of a reply one by one, each as soon as it is complete and checked, for live chat.

        Args:
            complaint: As for `draft`.

        Returns:
            An iterator of moves in the order of the plan; nothing in it is unchecked.

        Raises:
            InputError: The complaint has no text at all.
            SettingsError: Only the caller can mend it. After any other failure the offline wording goes on.

        Example:
            >>> next(kit.stream("My kettle broke after three weeks.")).strategy
            'acknowledge-feelings'
        """
        return stream(self._live(with_text(complaint)), self.model, deadline=self._deadline(), budget=self.budget)

    def astream(self, complaint: str | Complaint) -> AsyncIterator[Move]:
        """`stream` for an event loop: `async for move in kit.astream(…)`.

        Args, Returns, Raises:
            As for `stream`.

        Example:
            >>> import asyncio
            >>> async def first():
            ...     return [m.strategy async for m in kit.astream("My kettle broke after three weeks.")][0]
            >>> asyncio.run(first())
            'acknowledge-feelings'
        """
        return astream(self._live(with_text(complaint)), self.model, deadline=self._deadline(), budget=self.budget)

    # ------------------------------------------------------------ inside

    def _judged(self, text: str, message: str | None, report: Report) -> Report:
        if self.model is None:
            raise SettingsError("judging needs a model: give ReplyKit(model=…), or leave out judge=True")
        log = Log(self._rooms.mask(Complaint(text=message or "")))
        flow = judge_flow(text, message, report, self._rooms, log)
        return run(flow, self.model, deadline=self._deadline(), budget=self.budget)

    def _live(self, complaint: Complaint) -> LiveDraft:
        """A live draft reads with the local classifier alone: its first words must not wait for a question."""
        case = open_case(complaint, self._rooms.read(complaint), self.policy, self._rooms.cues)
        return LiveDraft(case, decide(case, self.library.strategies), self._rooms, Log(self._rooms.mask(complaint)))

    def flow(self, complaint: str | Complaint) -> Flow[Draft]:
        """A draft for a driver of one's own: a generator that yields each question and is sent its answer.

        Args:
            complaint: As for `draft`.

        Returns:
            A generator of `Call`; send it an `Answer` for each, or throw a `ModelError` in; it returns the `Draft`.

        Raises:
            InputError: The complaint has no text at all.

        Example:
            >>> flow = kit.flow("My kettle broke after three weeks.")
            >>> try:
            ...     next(flow)
            ... except StopIteration as end:
            ...     end.value.status
            'ready'
        """
        complaint = with_text(complaint)
        trace = self.telemetry.begin(self.model)
        return followed(draft_flow(complaint, self._rooms, trace), trace)

    def _deadline(self) -> Deadline:
        return Deadline.for_draft(self.deadline)
