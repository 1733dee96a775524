"""Stage 3 of 5: Screenplay in, Soundtrack out. Knows no picture, no HTTP, no job."""
