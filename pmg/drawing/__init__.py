"""Drawing what may not be given away: shapes on a canvas, lettering, and the grain of film."""
