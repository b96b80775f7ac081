"""The learner's home: the database that nothing may lose, the settings file, and where everything lies."""
