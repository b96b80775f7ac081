"""Widgets that draw one noun each and post one message each; none of them knows the workspace."""
