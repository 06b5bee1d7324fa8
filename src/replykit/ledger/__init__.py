"""The commitment ledger: what a text promises, and what licenses each promise."""

from replykit.ledger.book import ledger
from replykit.ledger.grants import Grants

__all__ = ["Grants", "ledger"]
