"""One level of a search, asked: by Locust of any target, or by the rig of an app on a stand of its own."""
