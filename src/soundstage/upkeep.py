"""What a server does now and then, put together: the order book's chores and the store's.

Belongs to the composition root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage import app
from soundstage.jobs.keeper import Chore, Keeper, book_chores

if TYPE_CHECKING:
    from soundstage.config import Settings
    from soundstage.jobs.book import OrderBook

TIDY_GAP_S = 5.0  #: expired files are not served in any case: this is how soon they are gone from the disk


def build_keeper(settings: Settings, book: OrderBook) -> Keeper:
    """Build what keeps the promises with a time in them."""
    chores = book_chores(
        book, payload_kept_s=settings.payload_kept_s, unstored_result_s=settings.unstored_result_s
    )
    tidy = Chore(name="expired files", call=app.build_store(settings).tidy, gap_s=TIDY_GAP_S)
    return Keeper((*chores, tidy))
