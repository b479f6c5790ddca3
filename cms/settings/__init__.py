"""Settings: one typed object reads the environment, four modules use it."""
