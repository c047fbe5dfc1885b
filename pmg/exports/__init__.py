"""Exports: samples of a built folder in the formats that other programs train with."""

FORMATS = ("messages", "imagefolder", "recbole")
