"""Tools for those who edit a table of rules: check, list, show, compare, try, watch."""
