"""What one relayed token costs: our app beside other stacks, in front of one cheap upstream."""
