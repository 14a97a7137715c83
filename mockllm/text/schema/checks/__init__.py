"""Whether a schema is sound, and whether a value satisfies it. Pure."""
