"""The desk: where workers read what young people sent, and answer. Imports `voice` and `records`, no other room."""
