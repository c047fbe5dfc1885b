"""What is built on its way to others: to the Hub, and pictures back into what came from there."""
