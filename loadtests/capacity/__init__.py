"""How much an app bears within limits: the search for the highest rate, and number of open streams."""
