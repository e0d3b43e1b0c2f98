"""What comes in with a spreadsheet: its bytes, its cells, and what they are said to mean."""
