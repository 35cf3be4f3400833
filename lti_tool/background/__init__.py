"""Work beside the pages: the threads that deliver scores, Celery's tasks, the daily jobs."""
