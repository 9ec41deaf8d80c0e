"""The referral form."""

from console.views.form.form import ReferralForm
from console.views.form.open_draft import OpenDraft
from console.views.form.parked import ParkedDrafts
from console.views.form.place_box import Finder, PlaceLike

__all__ = ["Finder", "OpenDraft", "ParkedDrafts", "PlaceLike", "ReferralForm"]
