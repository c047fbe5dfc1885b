"""The opcodes of a pickle, as handlers over inert values: none imports or calls anything.

The opcodes, their arguments and their effect on the stack are documented in CPython's
`pickletools`. A handler takes the machine and the position of its argument, and gives the
position of the next opcode. Opcodes without a handler are refused by name.
"""

from struct import error as TooShort  # noqa: N812 - that is what it means here

from pmg.raw.pickles import structures as on_stack
from pmg.raw.pickles.arrays import described
from pmg.raw.pickles.literals import (
    F8,
    FLOAT,
    I4,
    U1,
    U2,
    U4,
    U8,
    WHOLE,
    Handler,
    constant,
    long,
    number,
    number_line,
    quoted_line,
    small_number,
    span,
    text,
    text_line,
)
from pmg.raw.pickles.machine import MAX_OPCODES, Machine, Table, truncated
from pmg.raw.pickles.spans import ASK_PLAIN, NEVER_LOAD, BytesSpan, OldString, Refusal

# Opcodes that are understood and refused: they name, call, or reach outside the file.
REFUSED = {
    b"P": "PERSID",
    b"Q": "BINPERSID",
    b"i": "INST",
    b"o": "OBJ",
    b"\x81": "NEWOBJ",
    b"\x82": "EXT1",
    b"\x83": "EXT2",
    b"\x84": "EXT4",
    b"\x8f": "EMPTY_SET",
    b"\x90": "ADDITEMS",
    b"\x91": "FROZENSET",
    b"\x92": "NEWOBJ_EX",
    b"\x97": "NEXT_BUFFER",
    b"\x98": "READONLY_BUFFER",
}


def _refuse(name: str) -> Handler:
    def refuse(_machine: Machine, _at: int) -> int:
        raise Refusal(f"the opcode {name}", remedy=NEVER_LOAD)

    return refuse


def _unknown(machine: Machine, at: int) -> int:
    raise Refusal(f"the byte 0x{machine.data[at - 1]:02x}", "an opcode of a pickle")


UNDERSTOOD_OPCODES: dict[bytes, Handler] = {
    b"(": on_stack.mark,
    b".": on_stack.stop,
    b"0": on_stack.pop,
    b"1": on_stack.pop_mark,
    b"2": on_stack.duplicate,
    b"F": number_line(FLOAT, float),
    b"I": number_line(WHOLE, int, constants={b"00": False, b"01": True}),
    b"J": number(I4),
    b"K": small_number,
    b"L": number_line(WHOLE, int, suffix=b"L"),
    b"M": number(U2),
    b"N": constant(None),
    b"R": on_stack.reduce_top,
    b"S": quoted_line,
    b"T": span(I4, OldString),
    b"U": span(U1, OldString),
    b"V": text_line,
    b"X": text(U4),
    b"a": on_stack.append_one,
    b"b": on_stack.build_top,
    b"c": on_stack.global_line,
    b"d": on_stack.dict_since_mark,
    b"}": on_stack.empty_dict,
    b"e": on_stack.append_all,
    b"g": on_stack.get_line,
    b"h": on_stack.get(U1),
    b"j": on_stack.get(U4),
    b"l": on_stack.list_since_mark,
    b"]": on_stack.empty_list,
    b"p": on_stack.put_line,
    b"q": on_stack.put(U1),
    b"r": on_stack.put(U4),
    b"s": on_stack.set_one,
    b"t": on_stack.tuple_since_mark,
    b")": constant(()),
    b"u": on_stack.set_all,
    b"G": number(F8),
    b"B": span(U4, BytesSpan),
    b"C": span(U1, BytesSpan),
    b"\x80": on_stack.protocol,
    b"\x85": on_stack.tuple_of(1),
    b"\x86": on_stack.tuple_of(2),
    b"\x87": on_stack.tuple_of(3),
    b"\x88": constant(value=True),
    b"\x89": constant(value=False),
    b"\x8a": long(U1),
    b"\x8b": long(I4),
    b"\x8c": text(U1),
    b"\x8d": text(U8),
    b"\x8e": span(U8, BytesSpan),
    b"\x93": on_stack.stack_global,
    b"\x94": on_stack.memoize,
    b"\x95": on_stack.frame,
    b"\x96": span(U8, BytesSpan),
}

HANDLERS: list[Handler] = [_unknown] * 256
for _code, _name in REFUSED.items():
    HANDLERS[_code[0]] = _refuse(_name)
for _code, _handler in UNDERSTOOD_OPCODES.items():
    HANDLERS[_code[0]] = _handler
FIRST_BYTES = b"\x80(}]c"  # of any pickle that could hold a dict, a list or an object
ONE_BYTE_ARGUMENT = b"K\x80"  # these read it by index; others by a struct, which tells


def interpret(machine: Machine) -> Table:
    """Give the dict that the pickle in the machine holds.

    Raises:
        Refusal: anything but one whole pickle of a dict, with the offset of the first byte
            that is wrong.
    """
    data, handlers, start, position = machine.data, HANDLERS, 0, 0
    if data[0] not in FIRST_BYTES:
        raise Refusal(f"the byte 0x{data[0]:02x}", "a pickle", offset=0)
    try:
        for _ in range(MAX_OPCODES):
            start = position
            position = handlers[data[position]](machine, position + 1)
            if position < 0:
                return outcome(machine, start + 1)
    except Refusal as refusal:
        if refusal.offset is None:
            refusal.offset = start
        raise
    except TooShort as error:
        raise truncated(machine.size) from error
    except IndexError as error:
        # One byte past the file, or a stack that holds too little.
        if start == machine.size or (
            start + 1 == machine.size and data[start] in ONE_BYTE_ARGUMENT
        ):
            raise truncated(machine.size) from error
        raise Refusal("an opcode that takes more than there is", offset=start) from error
    found = f"more than {MAX_OPCODES:,} opcodes"
    raise Refusal(found, f"at most {MAX_OPCODES:,} opcodes", offset=position)


def outcome(machine: Machine, end: int) -> Table:
    if machine.below or len(machine.stack) != 1:
        raise Refusal("STOP with other than one value on the stack")
    table = machine.stack[0]
    if type(table) is not Table:
        raise Refusal(described(table), "a dict", ASK_PLAIN)
    if end != machine.size:
        found = f"{machine.size - end:,} bytes after its end"
        raise Refusal(found, "one pickle, and nothing behind it", offset=end)
    return table
