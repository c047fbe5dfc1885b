"""Samples and items as training reads them: one at a time or in batches, wherever they are."""
