#!/usr/bin/env python3
"""Time what attacks on verifiers are made of: each has to end within half a second.

    tools/bench/bad_input.py [build/release/bin/meshcert]

Makes the inputs in a temporary directory with openssl, runs the program on each, and prints the
best of three runs, the exit status and the first finding. Exits with 1 where one takes longer.
No part of ctest, because a busy machine would fail it.
"""

import base64
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time

LIMIT = 0.5
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def pem(der, label="CERTIFICATE"):
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def der(path):
    text = pathlib.Path(path).read_text()
    return base64.b64decode(re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.S)[1])


def tlv(tag, contents):
    size = len(contents)
    if size < 128:
        return bytes([tag, size]) + contents
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + contents


def contents_of(element):
    size = element[1]
    return element[2:] if size < 128 else element[2 + (size & 0x7F) :]


def key(name):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")


def certificate(name, issuer, extensions, subject=None, more=()):
    pathlib.Path(f"{name}.ext").write_text(extensions)
    openssl("req", "-new", "-key", f"{name}.key", "-subj", subject or f"/CN={name}", "-out", f"{name}.csr")
    signer = ["-signkey", f"{name}.key"] if issuer == name else ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"]
    openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-days", "3650", "-set_serial", secrets.randbits(63),
            "-extfile", f"{name}.ext", "-out", f"{name}.pem", *more)


CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"


def crl_of(path):
    text = pathlib.Path(path).read_text()
    return text[text.index("-----BEGIN X509 CRL") :]


def other_crls(path, count):
    """CRLs of one issuer that differ in what their signatures are, and are none."""
    octets = base64.b64decode(re.search("-----BEGIN X509 CRL-----(.*?)-----END", crl_of(path), re.S)[1])
    for number in range(count):
        yield pem(octets[:-4] + number.to_bytes(4, "big"), "X509 CRL")


def namesakes():
    """10 000 CAs of one name and key id, each with a key of its own; none signed the leaf: as roots, and as intermediates."""
    root = der(SOURCE / "certs/pki/root.pem")
    modulus = root.index(bytes.fromhex("0282010100")) + 5
    with open("namesakes.pem", "w") as out:
        for number in range(10_000):
            changed = bytearray(root)
            changed[modulus + 100 : modulus + 104] = number.to_bytes(4, "big")
            out.write(pem(bytes(changed)))
    leaf, at = SOURCE / "certs/workload/healthy.pem", ["--at", "2024-01-01T06:00:00Z"]
    crl = SOURCE / "certs/chain/crl-expired.pem"
    pathlib.Path("beside.pem").write_text(pathlib.Path("namesakes.pem").read_text() + crl_of(crl))
    pathlib.Path("many.pem").write_text(pathlib.Path("namesakes.pem").read_text() + "".join(other_crls(crl, 200)))
    pathlib.Path("crls.pem").write_text((SOURCE / "certs/pki/root.pem").read_text() + "".join(other_crls(crl, 8000)))
    text = leaf.read_text()
    pathlib.Path("sent.pem").write_text(text[text.index("-----BEGIN") :] + pathlib.Path("namesakes.pem").read_text())
    return [
        ["chain", leaf, *at, "--trust", "namesakes.pem"],
        ["chain", leaf, *at, "--trust", SOURCE / "certs/pki/web-root.pem", "--untrusted", "namesakes.pem"],
        ["chain", "sent.pem", *at, "--trust", SOURCE / "certs/pki/web-root.pem"],
        ["inspect", "sent.pem", *at],
        ["inspect", "beside.pem", *at],
        ["inspect", "many.pem", *at],
        ["inspect", "crls.pem", *at],
    ]


def elements_of(contents):
    """The elements of DER that follow one another in `contents`."""
    elements = []
    while contents:
        size = contents[1] if contents[1] < 128 else int.from_bytes(contents[2 : 2 + (contents[1] & 0x7F)], "big")
        end = size + (2 if contents[1] < 128 else 2 + (contents[1] & 0x7F))
        elements.append(contents[:end])
        contents = contents[end:]
    return elements


def encodings():
    """20 000 certificates whose subjects read alike, each in string types of its own."""
    signed = elements_of(contents_of(der(SOURCE / "certs/pki/root.pem")))
    parts = elements_of(contents_of(signed[0]))
    unit = bytes.fromhex("060355040b")  # organizationalUnitName
    with open("encodings.pem", "w") as out:
        for number in range(20_000):
            types = [0x0C if number >> bit & 1 else 0x13 for bit in range(15)]  # UTF8String or PrintableString
            parts[5] = tlv(0x30, b"".join(tlv(0x31, tlv(0x30, unit + tlv(kind, b"a"))) for kind in types))
            out.write(pem(tlv(0x30, tlv(0x30, b"".join(parts)) + signed[1] + signed[2])))
    return [["sweep", "encodings.pem", "-o", "ndjson"], ["inspect", "encodings.pem", "-o", "ndjson"]]


def cycle():
    """Two CAs that signed each other, and a leaf below them."""
    for name in ("a", "b", "leaf"):
        key(name)
    certificate("a", "a", CA)
    certificate("b", "a", CA)
    os.rename("a.pem", "root.pem")
    openssl("x509", "-req", "-in", "a.csr", "-CA", "b.pem", "-CAkey", "b.key", "-days", "3650", "-set_serial", 7,
            "-extfile", "a.ext", "-out", "a.pem")
    certificate("leaf", "a", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:a.example.com\n")
    texts = [pathlib.Path(f"{name}.pem").read_text() for name in ("leaf", "a", "b")]
    pathlib.Path("cycle.pem").write_text("".join(texts))
    return [["chain", "cycle.pem", "--trust", SOURCE / "certs/pki/root.pem"], ["inspect", "cycle.pem"]]


def constraints():
    """2 000 permitted names in a CA, 2 000 names in the leaf."""
    for name in ("nc", "many"):
        key(name)
    permitted = "\n".join(f"permitted;DNS.{number}=p{number}.example" for number in range(2000))
    certificate("nc", "nc", CA + "nameConstraints=critical,@names\n[names]\n" + permitted)
    names = "\n".join(f"DNS.{number}=a.p{1999 - number}.example" for number in range(2000))
    certificate("many", "nc", "basicConstraints=CA:FALSE\nsubjectAltName=@names\n[names]\n" + names)
    return [["chain", "many.pem", "--trust", "nc.pem"], ["inspect", "many.pem", "--trust", "nc.pem"]]


def large_key():
    """A CA with an RSA key of 16 384 bits, and a leaf with a signature of that size."""
    modulus = b"\0" + bytes([0x80 | secrets.randbits(7)]) + secrets.token_bytes(2046) + bytes([secrets.randbits(8) | 1])
    rsa = tlv(0x30, tlv(0x02, modulus) + bytes.fromhex("0203010001"))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    pathlib.Path("large.pub").write_text(pem(tlv(0x30, algorithm + tlv(0x03, b"\0" + rsa)), "PUBLIC KEY"))
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "small.key")
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "below.key")
    certificate("small", "small", CA, "/CN=large")
    certificate("below", "small", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:a.example.com\n")
    openssl("x509", "-req", "-in", "small.csr", "-signkey", "small.key", "-days", "3650", "-set_serial", 9,
            "-extfile", "small.ext", "-force_pubkey", "large.pub", "-out", "large.pem")
    leaf = contents_of(der("below.pem"))
    tbs = leaf[: 4 + int.from_bytes(leaf[2:4], "big")]
    signature = tlv(0x03, b"\0\x01" + secrets.token_bytes(2047))
    pathlib.Path("forged.pem").write_text(pem(tlv(0x30, tbs + bytes.fromhex("300d06092a864886f70d01010b0500") + signature)))
    return [["chain", "forged.pem", "--trust", "large.pem"]]


def pkcs12():
    """A PKCS#12 whose MAC asks for 2^31 - 1 iterations."""
    key("stored")
    certificate("stored", "stored", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:a.example.com\n")
    openssl("pkcs12", "-export", "-inkey", "stored.key", "-in", "stored.pem", "-passout", "pass:x", "-maciter", "-iter", 2048,
            "-out", "stored.p12")
    octets = contents_of(pathlib.Path("stored.p12").read_bytes())
    at = octets.rindex(bytes.fromhex("02020800"))
    mac = octets.rindex(b"\x30", 0, octets.rindex(bytes.fromhex("3031300d"), 0, at))
    changed = octets[:mac] + tlv(0x30, octets[mac + 2 : at] + bytes.fromhex("02047fffffff"))
    pathlib.Path("bomb.p12").write_bytes(tlv(0x30, changed))
    pathlib.Path("password").write_text("x\n")
    return [["inspect", "bomb.p12", "--password-file", "password"]]


def run(program, arguments):
    best, result = None, None
    for _ in range(3):
        begin = time.monotonic()
        result = subprocess.run([program, *map(str, arguments), "-q"], capture_output=True, text=True)
        taken = time.monotonic() - begin
        best = taken if best is None else min(best, taken)
    lines = (result.stdout + result.stderr).splitlines()
    return best, result.returncode, lines[0][:100] if lines else ""


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else SOURCE / "build/release/bin/meshcert")
    slow = 0
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for make in (namesakes, encodings, cycle, constraints, large_key, pkcs12):
            for arguments in make():
                taken, status, line = run(program, arguments)
                slow += taken > LIMIT
                print(f"{taken * 1000:6.0f} ms  status {status}  {make.__doc__}  [{arguments[0]}]\n           {line}")
        os.chdir("/")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
