"""What the Makefiles say: which option builds which file, and what includes what."""
