"""Load tests that know a URL and the interface of `POST /chat`, and nothing else of the app."""
