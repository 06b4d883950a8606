"""The page of who is quoted, behind a link of their own."""
