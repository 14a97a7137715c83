"""A client's connection, from its being accepted on: whose turn it is, what it may take, when it is gone."""
