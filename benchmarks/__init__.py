"""One script a claim, each measured beside a reference in the same run; `make bench`."""
