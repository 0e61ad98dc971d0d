"""What another policy would have done with stored payments: judged one by one, counted, read."""
