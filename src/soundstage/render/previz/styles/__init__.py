"""What a style does to a finished picture: paint, ink, paper, clay, pixels. One hand a file."""
