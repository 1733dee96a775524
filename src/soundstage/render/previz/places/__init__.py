"""Places: each module builds the layers of one place and its ground. Found through `data/places.toml`."""
