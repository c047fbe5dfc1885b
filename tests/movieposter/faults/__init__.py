"""Raw folders with one fault each, by kind; what `check` says of them stands in golden/."""

from pathlib import Path

from tests.faults import Fault
from tests.movieposter.faults import agreement, files, values
from tests.movieposter.raw_folder import edit


def many_faults(raw: Path) -> None:
    """Faults of every severity, in every file."""
    for harm in (
        agreement.rating_of_unknown_movie,
        agreement.movies_twice,
        agreement.links_twice,
        agreement.links_of_unknown_movies,
        agreement.style_by_both,
        values.ratings_out_of_range,
        agreement.ratings_twice,
        values.posters_of_other_shapes,
        values.captions_of_other_types,
        values.validation_of_unknown_ids,
        values.nul_bytes,
    ):
        harm(raw)
    lines = "".join(f"Signal {number}\n" for number in range(7))
    edit(raw, "info.csv", "318,Signal", f"{lines}318,Signal")


FAULTS = (
    *agreement.FAULTS,
    *values.FAULTS,
    *files.FAULTS,
    Fault("many_faults", 1, many_faults),
)
