"""Drawn posters: stand-ins for the studios' own, which nobody here may give away.

`poster` letters a scene with a title; `scenes` chooses one of twenty by genre; the scenes
themselves stand in files by mood, drawn on a `stage` with `figures`.
"""

from movieposter.posters.poster import Drawing, draw_poster

__all__ = ["Drawing", "draw_poster"]
