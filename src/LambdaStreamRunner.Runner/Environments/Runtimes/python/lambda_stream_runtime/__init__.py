"""Everything between Lambda's Runtime API and a handler; the standard library only."""
