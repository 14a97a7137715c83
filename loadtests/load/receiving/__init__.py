"""How an answer is taken from the connection: as it comes, slowly, or not to its end."""
