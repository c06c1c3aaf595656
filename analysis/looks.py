"""What a look at a stored model finds on later data, and the memory of the looks before it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from analysis.errors import StateError
from analysis.findings import DriftFeature, GateCheck, NotComputed

STATE_FORMAT = 1

Check = Literal["agreement", "sizes", "minimum"]
Verdict = Literal["fresh", "watch", "refresh_due"]


@dataclass(frozen=True)
class Agreement:
    """The stored model against a warm refit, on the customers of the window that ends now.

    `alarm` needs an ARI below the threshold and below the floor, the 5 % quantile of what refits
    on resampled customers agree on. `sizes_moved_share` and `old_agreement` tell a change of the
    mix from one of the map (see snapshots.Comparison).
    """

    customers: int
    ari_warm: float
    agreement_warm: float
    threshold_ari: float
    floor_ari: float
    sizes_moved_share: float
    old_agreement: float
    alarm: bool


@dataclass(frozen=True)
class SegmentSize:
    """A segment of the stored model at its date and now; shares of the customers with a segment.

    `moved_share` is relative: a share that goes from 0.10 to 0.15 moved by 0.50.
    """

    segment_id: str
    persona: str
    customers_before: int
    share_before: float
    customers: int
    share: float
    moved_share: float | NotComputed
    alarm: bool


@dataclass(frozen=True)
class NewCustomers:
    """The client's minimum on customers who came after the model: orders, then satisfaction."""

    customers: int
    checks: tuple[GateCheck, ...]
    alarm: bool


@dataclass(frozen=True)
class DriftWarning:
    """A feature whose last two cohorts of orders both differ from the model's window.

    One that the model does not look at (`in_model` False) is told, and speaks not against it.
    """

    feature: DriftFeature
    bought_from: date
    bought_until: date
    orders: int
    size: float
    psi: float
    in_model: bool


@dataclass(frozen=True)
class Deadline:
    """The refit that the recommended interval plans, counted from the model's date."""

    months: int
    due_on: date
    passed: bool


@dataclass(frozen=True)
class Reason:
    """Why the verdict is not "fresh"; confirmed, those in CALLS_FOR_REFIT make a refit due.

    Sizes that move alone are a change of the mix: customers are to be scored again and budgets
    adjusted, but a refit would draw the same map (methods, 3.3). So is a drift of the orders, which
    is only an early warning.
    """

    code: Literal["agreement", "sizes", "minimum", "drift", "interval"]
    confirmed: bool


CALLS_FOR_REFIT = frozenset({"agreement", "minimum", "interval"})


@dataclass(frozen=True)
class Look:
    """What is remembered of a look: the date that it describes, and the checks in alarm."""

    seen_on: date
    alarms: tuple[Check, ...]
    verdict: Verdict


@dataclass(frozen=True)
class Monitoring:
    """One look at a stored model on later data: every check with its figures, and the verdict.

    An alarm is confirmed when it holds on `consecutive` looks in a row that lie at least
    `snapshot_days` apart. `previous` is the look before this one, None at the first.
    """

    source: str
    currency: str
    model_on: date
    seen_on: date
    age_days: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    consecutive: int
    snapshot_days: int
    agreement: Agreement
    size_limit_share: float
    sizes: tuple[SegmentSize, ...]
    new_customers: NewCustomers | NotComputed
    drift: tuple[DriftWarning, ...] | NotComputed
    deadline: Deadline | NotComputed
    previous: Look | None

    @property
    def look(self) -> Look:
        """What the next look is to remember of this one."""
        alarms: dict[Check, bool] = {
            "agreement": self.agreement.alarm,
            "sizes": any(size.alarm for size in self.sizes),
            "minimum": isinstance(self.new_customers, NewCustomers) and self.new_customers.alarm,
        }
        raised = tuple(code for code, alarm in alarms.items() if alarm)
        return Look(self.seen_on, raised, self.verdict)


@dataclass(frozen=True)
class State:
    """The looks at one model, ascending; `model` is the checksum of its file."""

    model: str
    looks: tuple[Look, ...] = ()

    def with_look(self, look: Look) -> State:
        """Return the state with a look added; one of the same date is replaced."""
        return State(self.model, (*(e for e in self.looks if e.seen_on < look.seen_on), look))


def is_confirmed(
    check: Check, seen_on: date, earlier: Sequence[Look], consecutive: int, apart_days: int
) -> bool:
    """Say whether an alarm of a check on a date completes enough looks in a row.

    Looks nearer than `apart_days` to the one counted after them are the same observation twice:
    they do not add to the row, but one without the alarm ends it.
    """
    count, counted_on = 1, seen_on
    for look in reversed([look for look in earlier if look.seen_on < seen_on]):
        if check not in look.alarms:
            break
        if (counted_on - look.seen_on).days >= apart_days:
            count, counted_on = count + 1, look.seen_on
    return count >= consecutive


def state_to_json(state: State) -> str:
    """Return the state as JSON, closed by a checksum of its contents."""
    from analysis.segmentation import content_checksum

    content = json.loads(json.dumps({"format_version": STATE_FORMAT, **asdict(state)}, default=str))
    return json.dumps({**content, "checksum": content_checksum(content)}, indent=1) + "\n"


def read_state(path: Path, model: str) -> State:
    """Read the state of a model, given by the checksum of its file; an empty one without a file.

    Raises:
        StateError: it cannot be read, was changed, is of another version or of another model.
    """
    if not path.exists():
        return State(model)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(f"the state cannot be read: {error}", path, "a state file") from error
    state = _state_from_json(text, path)
    if state.model != model:
        raise _refused("the state remembers looks at another model", path, f"model {model}")
    return state


def _state_from_json(text: str, path: Path) -> State:
    """Return the state that a text holds."""
    from analysis.segmentation import content_checksum

    try:
        content: dict[str, Any] = json.loads(text)
        written = content.pop("checksum")
        version = content["format_version"]
    except (json.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
        raise _refused("the file does not hold a state", path, "a state file") from error
    if version != STATE_FORMAT:
        raise _refused(f"a state of format {version}", path, f"format {STATE_FORMAT}")
    if written != content_checksum(content):
        raise _refused("the state was changed after it was written", path, f"checksum {written}")
    try:
        return State(content["model"], tuple(_look(entry) for entry in content["looks"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(f"the state is not as it was written: {error}", path, "looks") from error


def _look(entry: dict[str, Any]) -> Look:
    """Return a look from its form in JSON."""
    alarms, verdict = tuple(entry["alarms"]), entry["verdict"]
    if not set(alarms) <= set(get_args(Check)) or verdict not in get_args(Verdict):
        raise ValueError("an unknown check or verdict")
    return Look(date.fromisoformat(entry["seen_on"]), alarms, verdict)


def _refused(found: str, path: Path, expected: str) -> StateError:
    """Return the error for a state file that cannot be used."""
    return StateError(
        found,
        where=str(path),
        expected=f"{expected}, as `playbook monitor` wrote it",
        todo="name another file with --state, or remove it: the looks before are then forgotten",
    )
