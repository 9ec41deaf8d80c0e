"""What is typed about a referral, and the columns in which the record keeps it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from db.domain.records import ApproachPlan, Location, Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is typed about a referral. Everything but location, source and priority may be empty.

    A time that could not be read, or was only about right, is kept as it was said, in the field with ``_said``.
    """

    source: str
    priority: str
    location: Location
    triage_scale: str = ""
    caller: str = ""
    call_back: str = ""
    ems_incident: str = ""
    ems_callsign: str = ""
    waiting_party: str = ""
    patient: Patient = field(default_factory=Patient)
    narrative: str = ""
    plan: ApproachPlan = field(default_factory=ApproachPlan)
    legal_status: str = ""
    police: str = ""
    call_connected_at: datetime | None = None
    call_connected_said: str = ""
    sent_at: datetime | None = None
    sent_said: str = ""
    ems_on_scene_at: datetime | None = None
    ems_on_scene_said: str = ""

    def columns(self) -> dict[str, Any]:
        """The same as column values of the referral table."""
        flat = {
            name: getattr(self, name) for name in self.__slots__ if name not in {"location", "patient", "plan"}
        }
        where = self.location
        kept = {
            "location_text": where.text,
            "postcode": where.postcode,
            "lat": where.lat,
            "lon": where.lon,
            "access_note": where.access_note,
        }
        # Neither is said yet while the caller speaks; a referral that is saved has both.
        flat |= {"source": self.source or None, "priority": self.priority or None}
        return flat | kept | _of_patient(self.patient) | self._plan()

    def _plan(self) -> dict[str, Any]:
        # No form types it any more: what a console of the version before wrote stays.
        return {"plan": plan} if (plan := {k: v for k, v in asdict(self.plan).items() if v}) else {}


def _of_patient(who: Patient) -> dict[str, Any]:
    return {
        "patient_name": who.name,
        "patient_born": who.born,
        "patient_born_said": who.born_said,
        "patient_age_low": who.age.low if who.age else None,
        "patient_age_high": who.age.high if who.age else None,
        "patient_age_on": who.age.on if who.age else None,
        "nhs_number": who.nhs_number,
    }
