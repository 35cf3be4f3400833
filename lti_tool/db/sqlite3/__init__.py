"""Django's SQLite backend: it waits for others as long as the thread may, in a file of its own."""
