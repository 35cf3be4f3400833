"""Pages on which a pupil fills in a worksheet and reads its result."""
