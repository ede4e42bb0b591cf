"""What a method of the Bot API is here: a coroutine from the world and the parameters to the result."""

from collections.abc import Awaitable, Callable

from bot.sandbox.parameters import Parameters
from bot.sandbox.world import World

Method = Callable[[World, Parameters], Awaitable[object]]
