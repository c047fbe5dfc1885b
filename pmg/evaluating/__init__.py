"""Evaluating: predictions against targets and histories, and against somebody else's history."""

WITH_WEIGHTS = ("lpips", "clip-i", "clip-t", "dino", "fid")  # metrics that fetch a model
SIZE_OF_BASELINES = 128  # pixels; larger ones take minutes longer and say the same
SIZE, BICUBIC, CROP = 512, "bicubic", "crop"  # what predictions are compared at, unless told
INTERPOLATIONS = ("nearest", "bilinear", BICUBIC, "lanczos")
FITS = (CROP, "pad", "stretch")
