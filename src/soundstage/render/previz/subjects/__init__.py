"""Subjects: each module builds the layers of one kind of subject. Found through `data/kinds.toml`."""
