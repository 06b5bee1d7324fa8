"""What comes in: a complaint with whatever the business knows around it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from replykit.types.labels import Channel, FactValue, Noun


class Customer(Noun):
    """Who wrote."""

    name: str | None = None
    tier: str | None = None


class Order(Noun):
    """What the complaint is about, as the shop's own system knows it."""

    id: str | None = None
    item: str | None = None
    amount: float | None = None
    currency: str | None = None
    purchased_on: dt.date | None = None
    promised_on: dt.date | None = None
    delivered_on: dt.date | None = None


class Contact(Noun):
    """One earlier message of the thread."""

    on: dt.date | None = None
    by: Literal["customer", "agent"]
    agent: str | None = None
    text: str = ""
    outcome: str | None = None


class Agent(Noun):
    """Who will sign the reply."""

    name: str | None = None
    role: str | None = None
    contact: str | None = None


class Complaint(Noun):
    """A message from a customer, with whatever the business knows around it; only `text` is required.

    `history` is oldest first. `facts` holds free key and value pairs that the business vouches for and the reply may
    state; `data/SCENARIOS`-style keys such as `in_stock`, `resolved`, `ongoing` steer the plan.

    Example:
        >>> Complaint(text="My kettle broke.", channel="chat").channel
        'chat'
    """

    text: str
    subject: str | None = None
    channel: Channel = "email"
    received_at: dt.datetime | None = None
    customer: Customer = Customer()
    order: Order = Order()
    history: tuple[Contact, ...] = ()
    agent: Agent = Agent()
    facts: dict[str, FactValue] = Field(default_factory=dict)
