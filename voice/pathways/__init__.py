"""Pathways: what Sayso asks, in which order, and what is kept of it."""
