"""What a teacher does with worksheets: choose, write, see, try, publish, place."""
