"""A signal that wakes everyone who waits for the next change."""

import asyncio


class Signal:
    """Counts changes and wakes whoever waits for one; used from one event loop only."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Counts one change and wakes all who wait."""
        self.count += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def beyond(self, seen: int) -> None:
        """Returns as soon as more than `seen` changes were counted; at once if they were already."""
        while self.count <= seen:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)
