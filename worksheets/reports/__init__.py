"""Reports on a class for its teacher."""
