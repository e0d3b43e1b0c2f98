"""Backup and restore: database and files in one file, and never the keys."""
