"""The few names a pickle may use, as marks without behaviour: nothing is imported for them."""

from enum import Enum

from pmg.raw.pickles.spans import NEVER_LOAD, Refusal, shown


class Symbol(Enum):
    """What a pickle may name; inert."""

    RECONSTRUCT = "numpy's _reconstruct"
    FROMBUFFER = "numpy's _frombuffer"
    SCALAR = "numpy's scalar"
    DTYPE = "numpy.dtype"
    NDARRAY = "numpy.ndarray"
    ENCODE = "_codecs.encode"
    BYTES = "bytes"


KNOWN_NAMES = {
    ("numpy.core.multiarray", "_reconstruct"): Symbol.RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): Symbol.RECONSTRUCT,
    ("numpy.core.multiarray", "scalar"): Symbol.SCALAR,
    ("numpy._core.multiarray", "scalar"): Symbol.SCALAR,
    ("numpy.core.numeric", "_frombuffer"): Symbol.FROMBUFFER,
    ("numpy._core.numeric", "_frombuffer"): Symbol.FROMBUFFER,
    ("numpy", "dtype"): Symbol.DTYPE,
    ("numpy", "ndarray"): Symbol.NDARRAY,
    ("_codecs", "encode"): Symbol.ENCODE,
    ("__builtin__", "bytes"): Symbol.BYTES,
    ("builtins", "bytes"): Symbol.BYTES,
}


def known_symbol(module: str, name: str) -> Symbol:
    """Find the symbol that a pickle names.

    Raises:
        Refusal: any name but the few of numpy's and CPython's own for plain arrays.
    """
    if (symbol := KNOWN_NAMES.get((module, name))) is None:
        raise Refusal(f"the global {shown(f'{module}.{name}')}", remedy=NEVER_LOAD)
    return symbol
