"""Measurements, side by side in one run, as ratios. Never part of the test suite: nothing here asserts a time."""
