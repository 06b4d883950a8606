"""Programs that set up, start and check a checkout; none of them is imported by the product."""
