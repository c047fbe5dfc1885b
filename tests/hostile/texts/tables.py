"""Tables of movies and fashion, and the validation file, with every oddity that text can have."""

from collections.abc import Callable, Iterator

from tests.movieposter.raw_folder import INFO, LINKS, RATINGS, VALIDATION
from tests.pog_dataset.raw_folder import HEADLESS, ITEMS, OUTFITS, USERS

Content = bytes | Callable[[], bytes]


def movies() -> Iterator[tuple[str, str, Content]]:
    """Tables of movies: the file, and what is in it."""
    yield "nothing but a header", "info.csv", b"id,name,genre\n"
    yield "a byte that is no UTF-8", "info.csv", INFO.encode("latin-1")
    yield "UTF-16", "info.csv", INFO.encode("utf-16")
    yield "UTF-16 without a mark", "info.csv", INFO.encode("utf-16-le")
    yield "UTF-32", "info.csv", INFO.encode("utf-32")
    yield (
        "letters that are too long",
        "info.csv",
        INFO.replace("Signal", "\0").encode().replace(b"\0", b"\xc0\x80"),
    )
    yield "half a character in bytes", "info.csv", INFO.encode().replace(b"Signal", b"\xed\xa0\x80")
    yield "a NUL", "info.csv", INFO.replace("Signal", "Sig\0nal").encode()
    yield "nothing but NULs", "info.csv", bytes(10_000)
    yield (
        "a line of two megabytes",
        "info.csv",
        INFO.encode() + b"9,x" + b"y" * (2 << 20) + b",Drama\n",
    )
    yield "a quote that is never closed", "info.csv", INFO.replace("Signal", '"Signal').encode()
    yield "a quote in the middle", "info.csv", INFO.replace("Signal", 'Sig"n"al').encode()
    yield "text behind a quote", "info.csv", INFO.replace("Signal", '"Signal"x').encode()
    yield "a comma that is not quoted", "info.csv", INFO.replace("Signal", "Sig,nal").encode()
    yield "too few values", "info.csv", INFO.replace("318,Signal,", "318,").encode()
    yield "a carriage return inside", "info.csv", INFO.replace("Signal", "Sig\rnal").encode()
    yield "lines of old Macs", "info.csv", INFO.replace("\n", "\r").encode()
    yield "semicolons for commas", "info.csv", INFO.replace(",", ";").encode()
    yield "tabs for commas", "info.csv", INFO.replace(",", "\t").encode()
    yield (
        "a header twice",
        "info.csv",
        INFO.replace("id,name,genre\n", "id,name,genre\n" * 2).encode(),
    )
    yield "a column twice", "info.csv", INFO.replace("id,name,genre", "id,name,name").encode()
    yield "a column missing", "info.csv", INFO.replace("id,name,genre", "id,name,kind").encode()
    yield "no header", "info.csv", INFO.partition("\n")[2].encode()
    titled = INFO.replace("Signal", "x" * 200_000)
    yield "a title of 200,000 letters", "info.csv", titled.encode()
    many = "|".join(f"{number % 1_000:03d}" for number in range(250_000))
    genres = "".join(f"{movie},t,{many}\n" for movie in range(1_000, 1_020))
    yield "250,000 genres of 20 movies", "info.csv", (INFO + genres).encode
    record = INFO + '9,"' + '\na","' * 1_500_000 + '"\n'
    yield "a record of millions of lines", "info.csv", record.encode
    yield "ten thousand columns", "info.csv", ("id,name,genre" + ",x" * 10_000 + "\n").encode()
    yield "an id twice", "info.csv", INFO.replace("7789,", "318,").encode()
    for name, value in {
        "a sign": "+318",
        "a minus": "-318",
        "a point": "318.0",
        "an exponent": "3e2",
        "Arabic digits": "\u0663\u0661\u0668",
        "wide digits": "\uff13\uff11\uff18",
        "an underscore": "3_18",
        "too many digits": "9" * 30,
        "a million digits": "9" * 1_000_000,
        "nothing": "",
        "a word": "NaN",
    }.items():
        yield f"an id of {name}", "info.csv", INFO.replace("318,S", f"{value},S").encode()
    for name, value in {
        "nan": "nan",
        "infinity": "inf",
        "too many digits": "4." + "0" * 5_000,
        "an exponent": "4e0",
        "a comma": '"4,0"',
        "hexadecimals": "0x4",
        "a minus": "-4.0",
        "an underscore": "4_0.0",
    }.items():
        yield (
            f"a rating of {name}",
            "ratings.csv",
            RATINGS.replace("1,1,4.0,", f"1,1,{value},").encode(),
        )
    for name, value in {
        "past 64 bits": "99999999999999999999",
        "below zero": "-1",
        "a date": "2000-07-30",
        "the year 292277026596": "9223372036854775807",
    }.items():
        yield f"a time of {name}", "ratings.csv", RATINGS.replace("964982703", value).encode()
    yield "a file cut off in a number", "ratings.csv", RATINGS.encode()[:-3]
    yield "a rating twice", "ratings.csv", RATINGS.encode() + b"1,1,4.0,964982703\n"
    yield (
        "200,000 wrong ratings",
        "ratings.csv",
        lambda: RATINGS.encode() + b"1,1,9.9,1\n" * 200_000,
    )
    yield (
        "a user for each of 200,000 lines",
        "ratings.csv",
        lambda: RATINGS.encode() + b"".join(b"%d,1,4.0,1\n" % user for user in range(10, 200_000)),
    )
    yield "a key of a link in letters", "links.csv", LINKS.replace("0113497", "tt0113497").encode()
    yield "no link at all", "links.csv", b""
    for name, line in {
        "a target in its history": "1;2;3,2",
        "no comma": "1;2;3;11",
        "two commas": "1,2,3",
        "no target": "1;2;3,",
        "no history": ",11",
        "an unknown movie": "1;2;99,11",
        "an id of letters": "1;two;3,11",
        "an empty element": "1;;3,11",
        "a movie twice": "1;1;3,11",
        "ten thousand elements": ";".join(["1"] * 10_000) + ",11",
        "60,000 unknown movies": ";".join(map(str, range(1_000, 61_000))) + ",1",
        "a number past 64 bits": "1;" + "9" * 40 + ",11",
        "spaces": " 1 ; 2 ; 3 , 11 ",
        "a blank line before it": "\n\n1;2;3,11",
    }.items():
        yield (
            f"a validation line with {name}",
            "my_valid_data.txt",
            f"{VALIDATION}\n{line}".encode(),
        )
    yield "a validation file of nothing", "my_valid_data.txt", b"\n\n\n"
    yield "a validation file in UTF-16", "my_valid_data.txt", VALIDATION.encode("utf-16")


def fashion() -> Iterator[tuple[str, str, Content]]:
    yield "an item of a path", "item_data.csv", ITEMS.replace("d4,c2", "../../d4,c2").encode()
    yield "an item of spaces inside", "item_data.csv", ITEMS.replace("d4,c2", "d 4,c2").encode()
    yield (
        "an item of 1,000 letters",
        "item_data.csv",
        ITEMS.replace("d4,c2", "d" * 1_000 + ",c2").encode(),
    )
    yield "items of another case", "item_data.csv", ITEMS.replace("d4,c2", "D4,c2").encode()
    yield (
        "an outfit of a thousand items",
        "outfit_data.csv",
        (OUTFITS.replace("b2;d4;f6", ";".join(["b2", "d4", "f6"] * 333)).encode()),
    )
    yield "an outfit twice", "outfit_data.csv", OUTFITS.replace("o3,", "o2,").encode()
    yield (
        "clicks of nothing but semicolons",
        "user_data.csv",
        USERS.replace("g7;b2,o1", ";;;,o1").encode(),
    )
    yield "a choice of an item", "user_data.csv", USERS.replace("u3,f6,o2", "u3,f6,f6").encode()
    yield "a user without a name", "user_data.csv", USERS.replace("u3,f6", ",f6").encode()
    yield (
        "a header in the middle",
        "user_data.csv",
        USERS.replace("u3,f6,o2", USERS.partition("\n")[0]).encode(),
    )
    yield (
        "headless lines with a comma too few",
        "user_data.csv",
        HEADLESS["user_data.csv"].replace("u3,f6,", "u3,f6;").encode(),
    )
