"""Measures the product against its budgets, beside a floor measured in the same run."""
