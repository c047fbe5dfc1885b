"""What is told of a built folder: its card with figures, and croissant.json for machines."""
