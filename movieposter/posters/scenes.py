"""Which scene suits which genre, and in which colours."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from movieposter.posters import (
    battle,
    bright,
    city,
    graphic,
    show,
    space,
    travel,
    wild,
    wood,
)
from movieposter.posters.stage import (
    CRIMSON,
    EMBER,
    GOLD,
    LAVENDER,
    MIDNIGHT,
    MINT,
    MOSS,
    ROSE,
    SEPIA,
    SKY,
    STEEL,
    SUNNY,
    TEAL_AMBER,
    VIOLET,
    Palette,
    Stage,
    Words,
)


class Scene(NamedTuple):
    """A composition, and the palettes that suit it."""

    draw: Callable[[Stage], Words]
    palettes: tuple[Palette, ...]


SCENES = {
    "night city": Scene(city.night_city, (MIDNIGHT, TEAL_AMBER, STEEL, VIOLET, CRIMSON)),
    "doorway": Scene(city.doorway, (STEEL, TEAL_AMBER, CRIMSON, MOSS, MIDNIGHT, EMBER)),
    "planet": Scene(space.planet, (MIDNIGHT, VIOLET, TEAL_AMBER, EMBER)),
    "far shore": Scene(space.far_shore, (TEAL_AMBER, VIOLET, EMBER, MOSS, MIDNIGHT)),
    "haunted wood": Scene(wood.haunted_wood, (MOSS, CRIMSON, MIDNIGHT, STEEL, VIOLET)),
    "blaze": Scene(battle.blaze, (EMBER, TEAL_AMBER, CRIMSON)),
    "front line": Scene(battle.front_line, (SEPIA, STEEL, EMBER, MOSS)),
    "spotlight": Scene(show.spotlight, (GOLD, CRIMSON, VIOLET, MIDNIGHT)),
    "spiral": Scene(graphic.spiral, (EMBER, CRIMSON, STEEL, TEAL_AMBER, MOSS)),
    "inner world": Scene(graphic.inner_world, (SEPIA, TEAL_AMBER, LAVENDER, STEEL, EMBER, ROSE)),
    "open road": Scene(travel.open_road, (EMBER, TEAL_AMBER, SEPIA, VIOLET, STEEL)),
    "mosaic": Scene(graphic.mosaic, (SEPIA, MINT, SKY, STEEL, ROSE, SUNNY)),
    "desert": Scene(wild.desert, (EMBER, SEPIA, TEAL_AMBER, CRIMSON)),
    "peaks": Scene(wild.peaks, (EMBER, VIOLET, TEAL_AMBER, LAVENDER, MIDNIGHT)),
    "sea": Scene(travel.sea, (TEAL_AMBER, EMBER, STEEL, LAVENDER, MIDNIGHT)),
    "lone tree": Scene(wood.lone_tree, (SEPIA, EMBER, LAVENDER, TEAL_AMBER, STEEL, VIOLET)),
    "umbrella": Scene(show.umbrella, (ROSE, LAVENDER, VIOLET, MIDNIGHT)),
    "balloons": Scene(bright.balloons, (SUNNY, SKY, MINT, ROSE)),
    "disguise": Scene(bright.disguise, (SUNNY, SKY, MINT, ROSE)),
    "storybook": Scene(bright.storybook, (SKY, MINT, LAVENDER, ROSE)),
}

BY_GENRE = {
    "Film-Noir": ("night city", "night city", "doorway"),
    "Western": ("desert",),
    "War": ("front line",),
    "Musical": ("spotlight",),
    "Horror": ("haunted wood", "haunted wood", "doorway"),
    "Sci-Fi": ("planet", "far shore"),
    "Documentary": ("mosaic",),
    "Animation": ("storybook", "balloons"),
    "Children": ("storybook", "balloons"),
    "Mystery": ("spiral", "night city"),
    "Fantasy": ("peaks", "far shore"),
    "Adventure": ("peaks", "sea"),
    "Crime": ("night city", "open road"),
    "Romance": ("umbrella", "lone tree"),
    "Action": ("blaze",),
    "Thriller": ("doorway", "spiral", "blaze"),
    "Comedy": ("disguise", "balloons", "open road", "storybook"),
    "IMAX": ("planet", "peaks"),
    "Drama": ("lone tree", "inner world", "sea", "open road", "inner world"),
}
UNKNOWN = ("mosaic", "lone tree", "sea", "inner world")


def choose(genres: Sequence[str], rng: np.random.Generator) -> tuple[Scene, Palette]:
    """Choose a scene and a palette; the rarer a genre, the more it tells about a movie."""
    known = [genre for genre in BY_GENRE if genre in genres]
    first, *rest = [BY_GENRE[genre] for genre in known] or [UNKNOWN]
    names = [*first, *first, *(name for others in rest for name in others)]
    scene = SCENES[names[int(rng.integers(len(names)))]]
    return scene, scene.palettes[int(rng.integers(len(scene.palettes)))]
