"""Peer to measure against: what a script with python3-cryptography takes to read the
certificates of a PEM bundle: dates, subject, names, fingerprint."""

import datetime
import hashlib
import sys
import warnings

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

warnings.simplefilter("ignore")
now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
count = expired = 0
for block in open(sys.argv[1], "rb").read().split(b"-----END CERTIFICATE-----\n")[:-1]:
    certificate = x509.load_pem_x509_certificate(block + b"-----END CERTIFICATE-----\n")
    expired += certificate.not_valid_after < now
    certificate.subject.rfc4514_string()
    try:
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        pass
    hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    count += 1
print(count, "certificates,", expired, "expired")
