"""Replay: the board, the vans and the timelines as they were, while the live desk goes on behind."""

from console.views.replay.window import ReplayWindow

__all__ = ["ReplayWindow"]
