"""Baselines: what predicts without a model, so that a model has something to beat."""
