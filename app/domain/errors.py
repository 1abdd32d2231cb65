"""The three kinds of trouble: a refusal is a value, trouble outside is raised by adapters, a broken rule stops us."""

from dataclasses import dataclass


class GwanjeError(Exception):
    """Root of every error the program raises on purpose."""


class BrokenRuleError(GwanjeError):
    """A law of the house was about to be broken; the position goes to error and the engine to REDUCING."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault found in something a person wrote: dotted ``where`` and ``what`` to do about it.

    ``what`` is plain English with ``{0}``, ``{1}`` for the ``figures``; the screen has its translation by that text.
    """

    where: str
    what: str
    figures: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.what.format(*self.figures) if self.figures else self.what}"


class InvalidInputError(GwanjeError):
    """A file, field or argument a person gave is unusable. The text says what, where, and what to do.

    ``problems`` are the same faults one by one, where they are known so.
    """

    def __init__(self, text: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text)
        self.problems = problems

    @classmethod
    def of(cls, *problems: Problem) -> "InvalidInputError":
        """With the faults as its text."""
        return cls("; ".join(str(problem) for problem in problems), problems)


#: The line to the venue is sound: it answered in words, or it was we who did not send.
_SOUND_LINE = frozenset(
    {
        "withdrawn",
        "market_offline",
        "too_many_requests",
        "rate_limited",
        "no_free_place",
        "no_credentials",
        "closed",
    }
)


class VenueError(GwanjeError):
    """Trouble outside. ``code`` is the venue's own name of the error, ``detail`` its words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def is_failure(self) -> bool:
        """True for time-outs, lost connections, 5xx, bans; False for a no in words or a call we held back."""
        return self.code not in _SOUND_LINE


class VenueRefusedError(VenueError):
    """The venue answered, and the answer is no: nothing was done."""

    @property
    def is_failure(self) -> bool:
        """A no is an answer."""
        return False


class VenueNotFoundError(VenueRefusedError):
    """The venue answered that it does not know the order. It may only be slow to see it."""


class VenueUnavailableError(VenueError):
    """Nothing was sent, or a read failed: connection refused, maintenance, rate limit before sending."""


class OutcomeUnknownError(VenueError):
    """Bytes of a state-changing call left and no usable answer came back. Look it up; never send it again."""


class StorageError(GwanjeError):
    """The journal or the database cannot be trusted or written; entries stay off."""


class VaultError(GwanjeError):
    """The system's key store cannot be used; the text says what a person can do."""
