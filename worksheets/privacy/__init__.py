"""What is kept of people and courses: handed out, erased, forgotten."""
