"""One referral in full: who holds the patient, what was asked for, what comes next, what happened."""

from console.views.detail.pane import DetailPane

__all__ = ["DetailPane"]
