"""Nouns: what exists between nights."""
