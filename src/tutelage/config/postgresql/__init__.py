"""PostgreSQL as Django knows it, with a kept connection looked at instead of asked."""
