#!/usr/bin/env python3
"""Print many certificates that all differ, as a PEM bundle or a Kubernetes List of Secrets.

    tools/bench/many.py [COUNT [bundle|list]] | build/release/bin/meshcert sweep -

COUNT is 1000000. Each is a sample with another serial number and another end of its validity, a
minute after that of the one before; nobody signed them, which a sweep does not ask.
"""

import base64
import datetime
import json
import pathlib
import re
import sys

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "certs/workload/healthy.pem"
START = datetime.datetime(2027, 1, 1)
SERIAL_AT, SERIAL_SIZE = 4 + 4 + 5 + 2, 16  # behind two SEQUENCEs, the version and a header


def varied(der, number):
    """The sample with the serial number's end, and the last of its dates, made of `number`."""
    octets = bytearray(der)
    octets[SERIAL_AT + SERIAL_SIZE - 4 : SERIAL_AT + SERIAL_SIZE] = number.to_bytes(4, "big")
    end = list(re.finditer(rb"\x17\x0d\d{12}Z", octets))[1].start() + 2
    octets[end : end + 13] = (START + datetime.timedelta(minutes=number)).strftime("%y%m%d%H%M%SZ").encode()
    return bytes(octets)


def pem(der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def secret(number, text):
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"service-{number}-tls", "namespace": f"team-{number % 50}"},
        "type": "kubernetes.io/tls",
        "data": {"tls.crt": base64.b64encode(text.encode()).decode(), "tls.key": ""},
    }


def main(count="1000000", form="bundle"):
    sample = SAMPLE.read_text()
    body = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", sample, re.DOTALL).group(1)
    der = base64.b64decode(body)
    if der[SERIAL_AT - 2 : SERIAL_AT] != bytes([2, SERIAL_SIZE]):
        sys.exit(f"{SAMPLE}: its serial number is not where it was")
    write = sys.stdout.write
    if form == "list":
        write('{"apiVersion":"v1","kind":"List","items":[\n')
    for number in range(int(count)):
        text = pem(varied(der, number))
        if form == "list":
            text = (",\n" if number else "") + json.dumps(secret(number, text))
        write(text)
    if form == "list":
        write("]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
