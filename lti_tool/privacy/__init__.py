"""What is forgotten, and what is handed out, of the rows of the platform's side."""
