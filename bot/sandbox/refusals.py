"""What the Bot API says when it refuses a call, in Telegram's own words."""


class Refusal(Exception):
    """The Bot API refuses a call.

    `code` is the HTTP status and `error_code`, `words` the description,
    `retry_after` whole seconds to wait (only with code 429).
    """

    def __init__(self, code: int, words: str, retry_after: int | None = None) -> None:
        super().__init__(f"{code} {words}")
        self.code = code
        self.words = words
        self.retry_after = retry_after

    def as_json(self) -> dict[str, object]:
        """The body of the refused call."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.words}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(words: str) -> Refusal:
    """A call that is wrong in itself (400)."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """A call the other side does not allow (403)."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """Two ways of receiving updates at once (409)."""
    return Refusal(409, f"Conflict: {words}")


def too_many_requests(retry_after: int) -> Refusal:
    """More calls than Telegram takes (429); `retry_after` in whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def not_emulated(what: str) -> Refusal:
    """Something real that this emulator does not do (501); Telegram itself never answers so."""
    return Refusal(501, f"Not Implemented: the sandbox does not do {what}")
