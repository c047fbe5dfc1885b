"""Opcodes that import, call, or reach outside the file."""

from collections.abc import Iterator

from tests.hostile.pickles.opcodes import (
    POSTER,
    called,
    named,
    small,
    stacked,
    text,
    tuple_of,
    with_entry,
)

# What exploits are made of, and innocent names beside those that arrays need.
GLOBALS = (
    *("os.system", "posix.system", "subprocess.Popen", "builtins.eval", "builtins.exec"),
    *("builtins.getattr", "builtins.__import__", "__builtin__.apply", "nt.system", "pty.spawn"),
    *("runpy.run_path", "importlib.import_module", "operator.attrgetter", "functools.partial"),
    *("copyreg._reconstructor", "shutil.rmtree", "socket.create_connection", "pickle.loads"),
    *("webbrowser.open", "ctypes.CDLL", "code.interact", "types.FunctionType", "timeit.timeit"),
    *("numpy.load", "numpy.fromfile", "numpy.memmap", "numpy.matrix", "numpy.recarray"),
    *("numpy.core.multiarray.fromfile", "numpy.core.multiarray.frombuffer"),
    *("numpy._core.multiarray.ndarray", "numpy.core.numeric.fromfunction"),
    *("numpy.core.records.fromrecords", "numpy.ctypeslib.load_library"),
    *("numpy.f2py.crackfortran.getlincoef", "numpy.testing._private.utils.runstring"),
    *("numpy.distutils.exec_command.exec_command", "numpy.random._pickle.__randomstate_ctor"),
    *("pandas.read_pickle", "torch._utils._rebuild_tensor_v2", "PIL.Image.open"),
    *("collections.OrderedDict", "pmg_bench.main", "numpy.ufunc", "antigravity.geohash"),
)
# Names that only look like the few that arrays need.
DISGUISED = {
    "a dotted name": ("numpy", "dtype.__class__"),
    "the globals of a function": ("numpy.core.multiarray", "_reconstruct.__globals__"),
    "a capital": ("Numpy", "dtype"),
    "a space": ("numpy ", "dtype"),
    "a Cyrillic letter": ("num\u0440y", "dtype"),
    "a letter of no width": ("numpy\u200b", "dtype"),
    "a line end": ("numpy\n", "dtype"),
    "nothing": ("", ""),
    "no module": ("", "dtype"),
    "text from right to left": ("\u202enumpy", "dtype"),
}


def outward() -> Iterator[tuple[str, bytes]]:
    """Opcodes that import, call, or reach outside the file."""
    for number, dotted in enumerate(GLOBALS):
        module, _, name = dotted.rpartition(".")
        target = named(module, name) if number % 2 else stacked(module, name)
        yield f"a call of {dotted}", with_entry(called(target, text("touch ran")))
    for name, (module, attribute) in DISGUISED.items():
        yield f"a name with {name}", with_entry(stacked(module, attribute))
    dtype, ndarray = named("numpy", "dtype"), named("numpy", "ndarray")
    system = text("touch ran")
    yield "INST", with_entry(b"(" + system + b"ios\nsystem\n")
    yield "OBJ", with_entry(b"(" + named("os", "system") + system + b"o")
    yield "OBJ of a name that is known", with_entry(b"(" + dtype + text("O") + b"o")
    yield "NEWOBJ", with_entry(ndarray + tuple_of(tuple_of(small(2))) + b"\x81")
    yield "NEWOBJ_EX", with_entry(ndarray + tuple_of(tuple_of(small(2))) + b"}\x92")
    yield "EXT1", with_entry(b"\x82\x01" + tuple_of(system) + b"R")
    yield "EXT2", with_entry(b"\x83\x01\x00" + tuple_of(system) + b"R")
    yield "EXT4", with_entry(b"\x84\x01\x00\x00\x00" + tuple_of(system) + b"R")
    yield "PERSID", with_entry(b"Pfile:///etc/passwd\n")
    yield "BINPERSID", with_entry(text("file:///etc/passwd") + b"Q")
    yield "NEXT_BUFFER", b"\x80\x05}" + small(1) + b"\x97s."
    yield "READONLY_BUFFER", b"\x80\x05}" + small(1) + b"C\x01a\x98s."
    yield "EMPTY_SET", with_entry(b"\x8f")
    yield "ADDITEMS", with_entry(b"\x8f(" + small(1) + b"\x90")
    yield "FROZENSET", with_entry(b"(" + small(1) + b"\x91")
    yield "BUILD of a dict", with_entry(b"}" + b"}" + text("__class__") + small(1) + b"sb")
    yield "BUILD of a number", with_entry(small(1) + b"}b")
    yield "REDUCE of text", with_entry(called(text("os.system"), system))
    yield "REDUCE of an array", with_entry(called(POSTER, system))
    yield "REDUCE without a tuple", with_entry(dtype + text("O") + b"R")
    yield (
        "a codec that unpacks",
        with_entry(called(named("_codecs", "encode"), text("x" * 99), text("zlib"))),
    )
    yield (
        "a codec for hosts",
        with_entry(called(named("_codecs", "encode"), text("x"), text("idna"))),
    )
    yield "a name in place of a poster", with_entry(ndarray)
