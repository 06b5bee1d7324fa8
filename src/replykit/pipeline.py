"""The whole of replykit, top to bottom: a generator that yields questions and is sent answers. It never touches a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from replykit.asking import Log, put
from replykit.cascade import read
from replykit.errors import ModelError, SettingsError
from replykit.guard import Watch
from replykit.plan import Case, decide, open_case
from replykit.questions import covers, draft_question, foreign, moves_from, repair_question, unobjectionable, watch_over
from replykit.repair import Bench, Candidate, best
from replykit.rooms import Rooms, context_of
from replykit.telemetry import SILENT, Trace
from replykit.types import Complaint, Draft, Flow, Move, Plan
from replykit.verdict import finish
from replykit.write import Story, compose, write_offline


def draft_flow(complaint: Complaint, rooms: Rooms, trace: Trace = SILENT) -> Flow[Draft]:
    """Turn a complaint into a checked draft, yielding every question for the model.

    Raises:
        SettingsError: The endpoint refused for a reason that only the caller can mend.
    """
    log = Log(rooms.mask(complaint), trace)
    trace.stage("classify")
    reading = yield from read(complaint, rooms, log)
    trace.stage("plan")
    case = open_case(complaint, reading, rooms.policy, rooms.cues)
    plan = decide(case, rooms.library.strategies)
    trace.stage("write")
    orders = rooms.guard.orders(complaint)
    story = Story(case, rooms.wording, turn=2 if orders else 0)
    context = context_of(case, plan, name=story.customer())
    bench = Bench(plan, story, rooms, context)
    offline = write_offline(plan, story)

    @cache
    def floor() -> Candidate:
        trace.stage("check")
        return bench.offline(bench.edited(bench.weigh(offline)))

    if orders and rooms.asks:
        log.reasons.append(f"the message gives orders to the writer ({orders!r}); the wording is the offline one")
    asks = rooms.asks and plan.moves and not orders
    chosen = (yield from write(case, plan, story, rooms, log, offline, floor)) if asks else floor()
    return finish(chosen, case, plan, story, rooms, log)


Floor = Callable[[], Candidate]
"""Makes and checks the offline version, once, when the model's turns out not to be enough."""


def write(
    case: Case, plan: Plan, story: Story, rooms: Rooms, log: Log, offline: Sequence[Move], floor: Floor
) -> Flow[Candidate]:
    """The model's version of a plan, checked and repaired; the offline version where it is better or all there is."""
    log.trace.stage("write")
    try:
        said = yield from put(draft_question(case, plan, story, rooms, log), log)
    except SettingsError:
        raise
    except ModelError as error:
        log.reasons.append(f"the model did not write this ({error}); the wording is the offline one")
        return floor()
    said = {name: log.mask.restore(text) if isinstance(text, str) else text for name, text in said.items()}
    log.trace.stage("check")
    bench = Bench(plan, story, rooms, context_of(case, plan), _framed(said) if foreign(case) else compose)
    watch = watch_over(case, plan, story, rooms)
    written = unobjectionable(moves_from(said, plan, rooms, "model"), watch, log)
    written = {name: move for name, move in written.items() if foreign(case) or covers(name, move.text, story)}
    moves = offline if all(move.strategy in written for move in offline) else floor().moves
    first = bench.edited(bench.weigh([written.get(move.strategy, move) for move in moves]))
    return (yield from mend(first, case, bench, log, floor, watch))


def mend(first: Candidate, case: Case, bench: Bench, log: Log, floor: Floor, watch: Watch) -> Flow[Candidate]:
    """One question for the failing moves, then the offline wording for what still fails; the best of all versions."""
    versions = [first]
    failing = bench.failing(first)
    if failing:
        log.trace.stage("repair")
        try:
            said = yield from put(repair_question(case, bench.plan, bench.story, bench.rooms, log, failing), log)
            said = {n: log.mask.restore(t) for n, t in said.items() if n in failing and isinstance(t, str)}
            again = unobjectionable(moves_from(said, bench.plan, bench.rooms, "repair"), watch, log)
            versions.append(bench.edited(bench.replaced(first, again)))
        except SettingsError:
            raise
        except ModelError as error:
            log.reasons.append(f"the model did not repair its draft ({error})")
    log.trace.stage("check")
    chosen = best(*versions)
    if not chosen.report.ok:
        chosen = bench.offline(chosen) if not foreign(case) else floor()
    chosen = best(chosen, floor()) if not chosen.report.ok else chosen
    fell_back = [move.strategy for move in chosen.moves if move.written_by == "offline"]
    if fell_back:
        log.reasons.append(f"the offline wording was used for {', '.join(fell_back)}")
    return chosen


def _framed(said: dict[str, object]) -> Callable[[Sequence[Move], Story], str]:
    """How a reply in another language is put together: with the greeting and closing that came with it."""
    greeting, closing = (str(said.get(name) or "").strip() for name in ("greeting", "sign_off"))

    def put_together(moves: Sequence[Move], story: Story) -> str:
        return compose(moves, story, greeting=greeting, sign_off=closing)

    return put_together
