"""The chat page a young person meets, and the script with which a council shows it on its own site."""
