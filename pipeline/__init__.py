"""What runs, with which options: the graph and the command line."""
