"""The built-in engine: a procedural previz renderer for any CPU. Import stays light: see `engine`."""
