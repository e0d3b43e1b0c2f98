"""What becomes of a person's data when that person is to be forgotten."""
