"""The key moments of a meeting or mail, ranked; may import the four middle packages and core."""
