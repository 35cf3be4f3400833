"""Pages below an activity's address, one module for each of the people who use them."""
