"""Load tests and measurements of a chat over HTTP, each kind in a room of its own."""
