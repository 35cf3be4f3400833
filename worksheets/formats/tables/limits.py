"""The limits of a table that is read from a file."""

MAX_FILE_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 1_000
MAX_CELL_CHARACTERS = 100_000
MAX_READ_BYTES = 30_000_000  # of all cells as JSON
