"""Handlers of the opcodes that arrange values: stack, memo, lists, tuples, dicts, constructs."""

from struct import Struct

from pmg.raw.pickles.arrays import PickledArray, described
from pmg.raw.pickles.constructs import build, reduce
from pmg.raw.pickles.literals import INDEX, U8, Handler
from pmg.raw.pickles.machine import (
    MAX_MARKS,
    Machine,
    add_items,
    new_table,
    set_items,
    truncated,
)
from pmg.raw.pickles.spans import NEVER_LOAD, Refusal
from pmg.raw.pickles.symbols import known_symbol

HIGHEST_PROTOCOL = 5
STOPPED = -1  # what STOP gives in place of a position


def mark(machine: Machine, at: int) -> int:
    if len(machine.below) >= MAX_MARKS:
        raise Refusal(f"more than {MAX_MARKS} marks at once", f"at most {MAX_MARKS} marks")
    machine.below.append(machine.stack)
    machine.stack = []
    return at


def stop(_machine: Machine, _at: int) -> int:
    return STOPPED


def pop(machine: Machine, at: int) -> int:
    if machine.stack or not machine.below:
        machine.stack.pop()
    else:
        machine.stack = machine.below.pop()
    return at


def pop_mark(machine: Machine, at: int) -> int:
    machine.since_mark()
    return at


def duplicate(machine: Machine, at: int) -> int:
    machine.stack.append(machine.stack[-1])
    return at


def protocol(machine: Machine, at: int) -> int:
    if (version := machine.data[at]) > HIGHEST_PROTOCOL:
        raise Refusal(f"protocol {version}", f"a protocol from 0 to {HIGHEST_PROTOCOL}")
    return at + 1


def frame(machine: Machine, at: int) -> int:
    (length,) = U8.unpack_from(machine.data, at)
    if length > machine.size - at - U8.size:
        raise truncated(machine.size)
    return at + U8.size


def empty_list(machine: Machine, at: int) -> int:
    machine.stack.append([])
    return at


def list_since_mark(machine: Machine, at: int) -> int:
    items = machine.since_mark()
    machine.stack.append(elements := list[object]())
    add_items(elements, items)
    return at


def append_one(machine: Machine, at: int) -> int:
    value = machine.stack.pop()
    add_items(machine.stack[-1], [value])
    return at


def append_all(machine: Machine, at: int) -> int:
    items = machine.since_mark()
    add_items(machine.stack[-1], items)
    return at


def tuple_since_mark(machine: Machine, at: int) -> int:
    items = machine.since_mark()
    machine.stack.append(tuple(items))
    return at


def tuple_of(count: int) -> Handler:
    def push(machine: Machine, at: int) -> int:
        items = tuple(machine.stack[-count:])
        if len(items) < count:
            raise Refusal(f"{len(items)} values for a tuple of {count}")
        machine.stack[-count:] = [items]
        return at

    return push


def empty_dict(machine: Machine, at: int) -> int:
    machine.stack.append(new_table(machine))
    return at


def dict_since_mark(machine: Machine, at: int) -> int:
    items = machine.since_mark()
    machine.stack.append(table := new_table(machine))
    set_items(machine, table, items)
    return at


def set_one(machine: Machine, at: int) -> int:
    value, key = machine.stack.pop(), machine.stack.pop()
    set_items(machine, machine.stack[-1], [key, value])
    return at


def set_all(machine: Machine, at: int) -> int:
    items = machine.since_mark()
    set_items(machine, machine.stack[-1], items)
    return at


def put(layout: Struct) -> Handler:
    def put(machine: Machine, at: int) -> int:
        (index,) = layout.unpack_from(machine.data, at)
        machine.remember(index, machine.stack[-1])
        return at + layout.size

    return put


def get(layout: Struct) -> Handler:
    def get(machine: Machine, at: int) -> int:
        (index,) = layout.unpack_from(machine.data, at)
        machine.stack.append(machine.recalled(index))
        return at + layout.size

    return get


def memoize(machine: Machine, at: int) -> int:
    if machine.gaps:  # CPython goes on behind as many as there are, not behind the last
        raise Refusal("MEMOIZE behind a gap in the memo")
    machine.memo.append(machine.stack[-1])  # MAX_OPCODES bounds how many
    return at


def _index_line(machine: Machine, at: int) -> tuple[int, int]:
    end = machine.line(at)
    if not INDEX.fullmatch(machine.data[at:end]):
        raise Refusal("an index that is no number", "an index of the memo")
    return int(machine.data[at:end]), end + 1


def put_line(machine: Machine, at: int) -> int:
    index, after = _index_line(machine, at)
    machine.remember(index, machine.stack[-1])
    return after


def get_line(machine: Machine, at: int) -> int:
    index, after = _index_line(machine, at)
    machine.stack.append(machine.recalled(index))
    return after


def global_line(machine: Machine, at: int) -> int:
    middle = machine.line(at)
    end = machine.line(middle + 1)
    module = str(machine.data[at:middle], "utf-8", "backslashreplace")
    name = str(machine.data[middle + 1 : end], "utf-8", "backslashreplace")
    machine.stack.append(known_symbol(module, name))
    return end + 1


def stack_global(machine: Machine, at: int) -> int:
    name, module = machine.stack.pop(), machine.stack.pop()
    if type(name) is not str or type(module) is not str:
        wrong = name if type(name) is not str else module
        raise Refusal(f"{described(wrong)} for the name of a global", remedy=NEVER_LOAD)
    machine.stack.append(known_symbol(module, name))
    return at


def reduce_top(machine: Machine, at: int) -> int:
    arguments, called = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(made := reduce(called, arguments, machine.data))
    if isinstance(made, PickledArray):
        machine.account(made)
    return at


def build_top(machine: Machine, at: int) -> int:
    state = machine.stack.pop()
    target = machine.stack[-1]
    build(target, state, machine.data)
    if isinstance(target, PickledArray):
        machine.account(target)
    return at
