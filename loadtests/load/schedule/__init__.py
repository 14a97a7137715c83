"""When users come and when answers are asked for: decided beforehand, by the options and the seed."""
