"""A council that does not exist, whose website carries the chat: to look at, and to test the embedded chat from another origin."""
