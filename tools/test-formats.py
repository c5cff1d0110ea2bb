#!/usr/bin/env python3
"""Holds SARIF and JUnit reports against what their readers hold them against.

    tools/test-formats.py [MESHCERT]

SARIF: the schema of version 2.1.0, from the file that SARIF_SCHEMA names, else fetched from
OASIS; python3-jsonschema checks it. JUnit: python3-junitparser reads it, and the numbers of
suites are held against their cases; with JUNIT_XSD, a schema, xmllint reads it too. Reports
are of all of certs/, by `inspect` and by `sweep`. What is not installed or cannot be fetched
is said and passed over; a run that checked nothing ends with status 77.
"""
import json, os, pathlib, shutil, subprocess, sys, tempfile, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
AT = "2024-01-01T06:00:00Z"
RUNS = [["inspect", "certs"], ["sweep", "certs"], ["inspect", "certs/workload/healthy.pem"],
        ["sweep", "certs/workload/healthy.pem"], ["sweep", "certs/absent.pem"], ["expiry", "certs/validity"]]
FAILURES = []


def check(what, holds, seen=""):
    print(("ok: " if holds else "FAILED: ") + what + ("" if holds else f" ({seen})"))
    if not holds:
        FAILURES.append(what)


def report(meshcert, run, form):
    done = subprocess.run([meshcert, run[0], "-o", form, "--at", AT, *run[1:]], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.stdout.decode()


def sarif_schema():
    if "SARIF_SCHEMA" in os.environ:
        return json.loads(pathlib.Path(os.environ["SARIF_SCHEMA"]).read_text())
    try:
        with urllib.request.urlopen(SCHEMA, timeout=20) as answer:
            return json.load(answer)
    except OSError as error:
        print(f"skipped: SARIF: {SCHEMA}: {error}; set SARIF_SCHEMA to a copy")
        return None


def check_sarif(meshcert):
    try:
        import jsonschema
    except ImportError:
        print("skipped: SARIF: python3-jsonschema is not installed")
        return False
    schema = sarif_schema()
    if schema is None:
        return False
    validator = jsonschema.validators.validator_for(schema)(schema)
    for run in RUNS:
        document = json.loads(report(meshcert, run, "sarif"))
        faults = [f"{list(fault.absolute_path)}: {fault.message}" for fault in validator.iter_errors(document)]
        check(f"SARIF of {' '.join(run)}", not faults, faults[:3])
    # The schema refuses what it should: else the checks above say nothing.
    document["runs"][0]["results"] = [{"message": {}}]
    check("the schema refuses a result without a text", any(validator.iter_errors(document)))
    return True


def check_junit(meshcert):
    try:
        import junitparser
    except ImportError:
        print("skipped: JUnit: python3-junitparser is not installed")
        return False
    for run in RUNS:
        text = report(meshcert, run, "junit")
        name = f"JUnit of {' '.join(run)}"
        suites = list(junitparser.JUnitXml.fromstring(text.encode()))
        cases = [case for suite in suites for case in suite]
        wrong = [suite.name for suite in suites if suite.tests != len(list(suite))]
        check(f"{name}: suites count their cases", not wrong, wrong[:3])
        failed = sum(any(isinstance(result, junitparser.Failure) for result in case.result) for case in cases)
        check(f"{name}: suites count their failures", failed == sum(suite.failures for suite in suites), failed)
        # ElementTree has read the XML; names are whole and no case is there twice.
        keys = [(case.classname, case.name) for case in cases]
        check(f"{name}: a case for each resource, once", len(keys) == len(set(keys)) > 0, len(keys))
        check_xsd(name, text)
    return True


def check_xsd(name, text):
    xsd = os.environ.get("JUNIT_XSD")
    if xsd is None or shutil.which("xmllint") is None:
        return
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(text.encode())
        file.flush()
        done = subprocess.run(["xmllint", "--noout", "--schema", xsd, file.name], capture_output=True, text=True)
    check(f"{name}: the schema", done.returncode == 0, done.stderr[:300])


def main():
    meshcert = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/meshcert").resolve())
    checked = [check_sarif(meshcert), check_junit(meshcert)]
    if FAILURES:
        return 1
    return 0 if any(checked) else 77


if __name__ == "__main__":
    sys.exit(main())
