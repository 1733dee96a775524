"""The keys that sign: one at first, published before they sign, gone when withdrawn."""

import asyncio

import psycopg
import pytest

from soundstage.jobs.signing_keys import SigningKeys
from soundstage.webhook_errors import SigningKeyInUse, SigningKeyUnknown


@pytest.fixture
def keys(book, dsn):
    """The keys of an installation that has none yet."""
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM signing_keys")
    return SigningKeys(book.database)


async def test_first_key_is_made_once(keys):
    """However many ask at once, there is one first key, of 32 bytes, and it does not stand in a log."""
    found = await asyncio.gather(*(keys.signing() for _ in range(5)))
    assert len({key.key_id for key in found}) == 1
    assert len(found[0].private_key) == 32
    assert found[0].private_key.hex() not in repr(found[0])
    assert str(found[0].private_key) not in repr(found[0])


async def test_new_key_is_published_before_it_signs(keys):
    """Receivers keep the set for a day: until a new key's time has come, the one before it signs."""
    first = await keys.signing()
    second = await keys.rotate()
    assert [key.key_id for key in await keys.published()] == [second.key_id, first.key_id]
    assert (await keys.signing()).key_id == first.key_id
    assert (second.signs_from - second.created_at).total_seconds() == 24 * 3600


async def test_leaked_key_is_replaced_at_once(keys):
    """A key that signs at once leaves the one before it published until that is withdrawn."""
    first = await keys.signing()
    second = await keys.rotate(after_s=0.0)
    assert (await keys.signing()).key_id == second.key_id
    assert len(await keys.published()) == 2
    await keys.withdraw(first.key_id)
    assert [key.key_id for key in await keys.published()] == [second.key_id]


async def test_signing_key_stays(keys):
    """The key that signs cannot be withdrawn, nor one that is not published."""
    first = await keys.signing()
    await keys.rotate()
    with pytest.raises(SigningKeyInUse, match="rotate first"):
        await keys.withdraw(first.key_id)
    with pytest.raises(SigningKeyUnknown, match=first.key_id):
        await keys.withdraw("no-such-key")
