"""Every way to forget somebody."""
