"""Certificates as a trust has them, made for a test: an authority, what it signs, and what it revoked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOW = datetime.now(UTC)
ALWAYS = (_NOW - timedelta(days=30), _NOW + timedelta(days=30))
PAST = (_NOW - timedelta(days=30), _NOW - timedelta(days=1))
AHEAD = (_NOW + timedelta(days=1), _NOW + timedelta(days=30))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Signs certificates of servers; its own lies at ``file``."""

    def __init__(self, folder: Path, name: str = "Trust CA") -> None:
        self._folder, self._name = folder, _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        own = self._begin(self._name, self._key, ALWAYS).add_extension(x509.BasicConstraints(True, None), True)
        self.file = self._put(f"{name}.pem", own.sign(self._key, hashes.SHA256()))

    def server(self, names: Sequence[str] = ("localhost",), valid: tuple[datetime, datetime] = ALWAYS) -> Path:
        """A file with a certificate of these names and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._begin(_named(names[0]), key, valid).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False
        )
        self.last = made.sign(self._key, hashes.SHA256())
        file = self._put(f"server {self.last.serial_number}.pem", self.last)
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        file.write_bytes(file.read_bytes() + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        return file

    def revoked(self, *certificates: x509.Certificate) -> Path:
        """The authority's list of what it revoked."""
        made = x509.CertificateRevocationListBuilder(self._name, *ALWAYS)
        for one in certificates:
            serial = x509.RevokedCertificateBuilder(one.serial_number, ALWAYS[0])
            made = made.add_revoked_certificate(serial.build())
        return self._put("revoked.pem", made.sign(self._key, hashes.SHA256()))

    def _begin(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, valid: tuple[datetime, datetime]
    ) -> x509.CertificateBuilder:
        serial = x509.random_serial_number()
        return x509.CertificateBuilder(self._name, name, key.public_key(), serial, *valid)

    def _put(self, name: str, made: x509.Certificate | x509.CertificateRevocationList) -> Path:
        file = self._folder / name
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return file
