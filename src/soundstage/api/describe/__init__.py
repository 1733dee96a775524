"""What the server says of itself: OpenAPI, llms.txt, the models: all from the contract's tables."""
