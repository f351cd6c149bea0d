"""How answers about one configuration look."""
