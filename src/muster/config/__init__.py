"""Config: settings, addresses, the embedded database and the command line. The only room that reads the environment."""
