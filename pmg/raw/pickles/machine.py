"""The state of a pickle's interpretation: a stack, a memo and dicts of inert values."""

from mmap import mmap
from types import NoneType

from pmg.raw.pickles.arrays import PickledArray, described
from pmg.raw.pickles.spans import ASK_PLAIN, OldString, Refusal, TextSpan

# An entry of an array takes 25 to 45 opcodes. Ten times the posters of the largest MovieLens
# edition fit; beyond, a file of cheap opcodes would fill the memory (some 100 bytes each).
MAX_OPCODES = 5_000_000
MAX_ENTRIES = 300_000  # of all dicts; crafted numbers as keys make a dict of n take n² steps
MAX_REPEATED = 1_000  # keys set twice, for the same reason
MAX_MEMO = 4_000_000  # the memo is a list, so that one PUT may not ask for gigabytes
MAX_MARKS = 100  # open at once; values nest a few levels deep
MAX_INTEGER_BYTES = 255  # what LONG1 can hold; longer numbers are quadratic to print
MAX_LINE = 640  # of numbers and names in protocol 0, in bytes: 255 bytes are 614 digits
EAGER_TEXT = 128  # bytes of text that are decoded at once; most keys and names are shorter
KEY_LIMIT = 2**63  # Python hashes larger integers to the same few values at will

NO_INDEX = object()  # what an index of the memo holds before it is PUT


class Table(dict[int | str, object]):
    """A dict of a pickle, which remembers the keys that were set twice."""

    __slots__ = ("repeated",)

    repeated: dict[int | str, None]


class Machine:
    """The state of a pickle's interpretation; `stack` is the part above the last MARK."""

    __slots__ = ("below", "data", "described", "entries", "gaps", "memo", "size", "stack")

    def __init__(self, data: mmap) -> None:
        self.data = data
        self.size = len(data)
        self.stack: list[object] = []
        self.below: list[list[object]] = []
        self.memo: list[object] = []
        self.gaps = 0  # indexes of the memo that were passed over
        self.entries = 0
        self.described = 0

    def remember(self, index: int, value: object) -> None:
        """Put into the memo, at any index: writers may leave gaps."""
        memo = self.memo
        if index < len(memo):
            memo[index] = value
        elif index < MAX_MEMO:
            self.gaps += index - len(memo)
            memo.extend([NO_INDEX] * (index - len(memo)))
            memo.append(value)
        else:
            raise Refusal(f"the memo's index {index:,}", f"an index below {MAX_MEMO:,}")

    def recalled(self, index: int) -> object:
        if index >= len(self.memo) or (value := self.memo[index]) is NO_INDEX:
            raise Refusal(f"the memo's index {index:,}, which nothing was put under")
        return value

    def account(self, array: PickledArray) -> None:
        """Count an array's bytes, which its writer has written once for each array.

        Many arrays over one payload would cost more to read than the file is large.
        """
        if array.header is not None:
            self.described += array.header.nbytes
        if self.described > self.size:
            raise Refusal(f"arrays of {self.described:,} bytes", f"at most {self.size:,} bytes")

    def since_mark(self) -> list[object]:
        """Take everything above the last MARK, and the MARK."""
        if not self.below:
            raise Refusal("an end without a MARK")
        items, self.stack = self.stack, self.below.pop()
        return items

    def line(self, at: int, limit: int | None = MAX_LINE) -> int:
        """Where the line that starts at `at` ends; its newline comes before `limit` bytes."""
        end = self.data.find(b"\n", at, self.size if limit is None else at + limit)
        if end < 0:
            if limit is None or at + limit > self.size:
                raise truncated(self.size)
            raise Refusal(f"a line of more than {limit} bytes", "a number or a name")
        return end


VALUE_TYPES = frozenset(
    {int, float, complex, bool, NoneType, str, list, tuple}
    | {Table, PickledArray, TextSpan, OldString}
)


def truncated(size: int) -> Refusal:
    return Refusal("the end of the file", "a pickle that ends in STOP", offset=size)


def new_table(machine: Machine) -> Table:
    """Make a dict, which counts as an entry, as empty ones take memory too."""
    machine.entries += 1
    require_few_entries(machine)
    return Table()


def require_few_entries(machine: Machine) -> None:
    if machine.entries > MAX_ENTRIES:
        raise Refusal(f"more than {MAX_ENTRIES:,} entries", f"at most {MAX_ENTRIES:,}", ASK_PLAIN)


def set_items(machine: Machine, table: object, items: list[object]) -> None:
    """Enter keys and values, alternating, as SETITEMS, SETITEM and DICT do; the last one wins."""
    if type(table) is not Table:
        raise Refusal(f"entries for {described(table)}")
    if len(items) % 2:
        raise Refusal("a key without a value")
    machine.entries += len(items) // 2
    require_few_entries(machine)
    for pickled, value in zip(items[::2], items[1::2], strict=True):
        key = _key(pickled, machine.data)
        if type(value) not in VALUE_TYPES:
            raise Refusal(f"{described(value)} as a value", remedy=ASK_PLAIN)
        if key in table:
            _note_repeated(table, key)
        table[key] = value


def add_items(target: object, items: list[object]) -> None:
    """Add to a list, as APPENDS, APPEND and LIST do."""
    if type(target) is not list:
        raise Refusal(f"elements for {described(target)}")
    for value in items:
        if type(value) not in VALUE_TYPES:
            raise Refusal(f"{described(value)} in a list", remedy=ASK_PLAIN)
    target += items


def _key(pickled: object, data: mmap) -> int | str:
    if type(pickled) is int and -KEY_LIMIT <= pickled < KEY_LIMIT:
        return pickled
    if type(pickled) is str:
        return pickled
    if isinstance(pickled, OldString | TextSpan) and pickled.length <= EAGER_TEXT:
        return pickled.text(data)
    expected = f"whole numbers of 64 bits or text of at most {EAGER_TEXT} bytes as keys"
    raise Refusal(f"{described(pickled)} as a key", expected, ASK_PLAIN)


def _note_repeated(table: Table, key: int | str) -> None:
    if not hasattr(table, "repeated"):
        table.repeated = {}
    table.repeated[key] = None
    if len(table.repeated) > MAX_REPEATED:
        raise Refusal(f"more than {MAX_REPEATED:,} keys set twice", "keys set once", ASK_PLAIN)
