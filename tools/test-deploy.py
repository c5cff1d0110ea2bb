#!/usr/bin/env python3
"""Checks tools/deploy/ as far as it can be without a cluster.

    tools/test-deploy.py [MESHCERT]

YAML and JSON parse; promtool takes the alerts and their tests pass; every metric named is one of
docs/outputs.md and is written by the program; the queries of the dashboard parse; the commands of
the Jobs and of the systemd unit run, on this machine, against a stand-in for kubectl; roles only
read. What is not installed is said and passed over; without promtool the status is 77.
"""
import base64, datetime, json, os, pathlib, re, shutil, subprocess, sys, tempfile

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "tools/deploy"
UNIT_MESHCERT = "/usr/local/bin/meshcert"  # where `cmake --install` puts it unless told otherwise
FAILURES = []


def check(what, holds, seen=""):
    print(("ok: " if holds else "FAILED: ") + what + ("" if holds else f" ({seen})"))
    if not holds:
        FAILURES.append(what)


def run(command, **keywords):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **keywords)


def documents():
    return [document for path in sorted(DEPLOY.rglob("kubernetes/*.yaml")) for document in yaml.safe_load_all(path.read_text())]


def promtool(*arguments, cwd=DEPLOY / "prometheus"):
    done = run(["promtool", *arguments], cwd=cwd)
    check("promtool " + " ".join(map(str, arguments[:2])), done.returncode == 0, done.stdout)


def queries(dashboard):
    """The expressions of all panels, with variables as Grafana would fill them."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"].replace("$instance", ".*")


def check_prometheus(scratch):
    promtool("check", "rules", "meshcert.rules.yaml")
    promtool("test", "rules", "meshcert.rules.test.yaml")
    dashboard = json.loads((DEPLOY / "grafana/meshcert.json").read_text())
    rules = [{"record": f"query:{i}", "expr": expr} for i, expr in enumerate(queries(dashboard))]
    check("the dashboard has queries", len(rules) > 5)
    path = scratch / "dashboard.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", path)
    path.write_text(yaml.safe_dump({"groups": [{"name": "bad", "rules": [{"record": "a", "expr": "count(("}]}]}))
    check("promtool refuses a query that does not parse", run(["promtool", "check", "rules", path]).returncode != 0)


def shifted(metrics, at):
    """The series of a report, as promtool's tests take them, where time begins with that of the report."""
    for line in metrics.splitlines():
        if not line.startswith("#"):
            series, value = line.rsplit(" ", 1)
            yield {"series": series, "values": f"{float(value) - (at if 'timestamp_seconds' in series else 0):.0f}x600"}


def check_documented_alerts(scratch, meshcert):
    """Of the alerts in docs/outputs.md: which fire of a healthy certificate of 24 hours, and later of it."""
    text = (ROOT / "docs/outputs.md").read_text()
    alerts = re.search(r"Alerts that need no other series:\n\n((?:    .*\n)+)", text)[1].split("\n    ")
    alerts = [alert.strip() for alert in alerts]
    check("outputs.md has four alerts", len(alerts) == 4, alerts)
    tests = []
    # When it was judged, when one looks, and which fire: nothing of what is healthy, the third of a run that is hours old.
    for at, minutes, fire in (("06:00", 5, []), ("06:00", 200, [2]), ("22:30", 5, [0, 3]), ("22:30", 95, [0, 1, 3])):
        time = f"2024-01-01T{at}:00Z"
        metrics = run([meshcert, "inspect", "-o", "openmetrics", "--at", time, "certs/dumps/healthy.json"], cwd=ROOT).stdout
        seconds = int(datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp())
        samples = [[{"labels": "{}", "value": 1}] if i in fire else [] for i in range(len(alerts))]
        tests.append({"name": f"{at} and {minutes} minutes", "interval": "1m", "input_series": list(shifted(metrics, seconds)),
                      "promql_expr_test": [{"expr": f"count({alert}) > bool 0", "eval_time": f"{minutes}m", "exp_samples": expected}
                                           for alert, expected in zip(alerts, samples)]})
    path = scratch / "documented.yaml"
    path.write_text(yaml.safe_dump({"rule_files": [], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", path)


def check_metrics(meshcert):
    documented = set(re.findall(r"`(meshcert_[a-z_]+)`", (ROOT / "docs/outputs.md").read_text()))
    text = run([meshcert, "sweep", "-o", "openmetrics", "--at", "2024-06-01T00:00:00Z", "certs/validity", "certs/workload"],
               cwd=ROOT).stdout
    written = set(re.findall(r"^# TYPE (meshcert_[a-z_]+) ", text, re.M))
    check("every metric that is written is documented", written <= documented, written - documented)
    check("every metric that is documented is written", documented <= written, documented - written)
    for path in [*DEPLOY.glob("prometheus/*.yaml"), *DEPLOY.glob("grafana/*.json")]:
        named = set(re.findall(r"\bmeshcert_[a-z_]+", path.read_text()))
        check(f"{path.name}: every metric exists", named and named <= documented, named - documented)
    labels = set(re.findall(r'([a-z0-9_]+)="', text))
    for path in DEPLOY.glob("prometheus/*.rules.yaml"):
        joined = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"on \(([^)]*)\)", path.read_text())))) - {"instance"}
        check(f"{path.name}: every label that is joined by exists", joined and joined <= labels, joined - labels)


def check_roles():
    roles = [document for document in documents() if document["kind"] in ("Role", "ClusterRole")]
    verbs = {verb for role in roles for rule in role["rules"] for verb in rule["verbs"]}
    check("roles only read", verbs and verbs <= {"get", "list"}, verbs)


def check_pods():
    for document in documents():
        spec = document.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template is None:
            continue
        pod = template["spec"]
        name = document["metadata"]["name"]
        check(f"{name}: runs as nobody", pod["securityContext"]["runAsNonRoot"] is True)
        for container in pod["containers"] + pod.get("initContainers", []):
            context = container["securityContext"]
            check(f"{name}/{container['name']}: can write nothing else",
                  context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"])
        accounts = {document["metadata"]["name"] for document in documents() if document["kind"] == "ServiceAccount"}
        check(f"{name}: its account exists", pod.get("serviceAccountName") in accounts | {None})


def stand_in(scratch, meshcert):
    """A PATH with this meshcert, and a kubectl that prints a List of Secrets, if asked to get."""
    place = scratch / "bin"
    place.mkdir()
    (place / "meshcert").symlink_to(meshcert)
    secrets = [{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
                "metadata": {"name": f"s{i}", "namespace": "shop"},
                "data": {"tls.crt": base64.b64encode(path.read_bytes()).decode()}}
               for i, path in enumerate(sorted((ROOT / "certs/workload").glob("*.pem")))]
    (scratch / "list.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": secrets}))
    (place / "kubectl").write_text(f'#!/bin/sh\n[ "$1" = get ] || exit 9\ncat "{scratch}/list.json"\n')
    (place / "kubectl").chmod(0o755)
    return {**os.environ, "PATH": f"{place}:{os.environ['PATH']}"}, len(secrets)


def containers(name):
    for document in documents():
        if document["metadata"]["name"] != name:
            continue
        spec = document["spec"]
        pod = spec.get("jobTemplate", {}).get("spec", spec)["template"]["spec"]
        for container in pod.get("initContainers", []) + pod["containers"]:
            yield spec, container["command"] + container.get("args", [])


def check_jobs(scratch, meshcert):
    world, secrets = stand_in(scratch, meshcert)
    state = scratch / "lib"
    state.mkdir()

    def local(command):
        return [word.replace("/var/lib/meshcert", str(state)) for word in command]

    for spec, command in containers("meshcert-sweep"):
        done = run(local(command), env=world)
        check("CronJob: runs, and its certificates have long expired", done.returncode == 1 and "have expired" in done.stdout,
              done.stdout)
        check("CronJob: remembers", (state / "state").exists())
    for spec, command in containers("meshcert-shards"):
        for index in range(spec["completions"]):
            done = run(local(command), env={**world, "JOB_COMPLETION_INDEX": str(index)})
            check(f"Indexed Job: {command[0]} for index {index}", done.returncode == 0, done.stdout)
    for spec, command in list(containers("meshcert-shards"))[1:]:
        nowhere = [word.replace("/var/lib/meshcert", str(scratch / "nowhere")) for word in command]
        done = run(nowhere, env={**world, "JOB_COMPLETION_INDEX": "0"})
        check("Indexed Job: a file that cannot be written is no success", done.returncode != 0, done.stdout)
    shards = sorted((state / "shards").glob("*-of-4.ndjson"))
    check("Indexed Job: a file for each index", len(shards) == 4, shards)
    parts = [shard.read_text().count('"sha256"') for shard in shards]
    whole = run([meshcert, "sweep", "-o", "json", scratch / "list.json"]).stdout
    check("Indexed Job: each certificate once", sum(parts) == json.loads(whole)["summary"]["certificates"] > secrets / 2, parts)
    for spec, command in containers("meshcert-merge"):
        done = run(local(command), env=world)
        check("merge: runs, and something is wrong", done.returncode == 1, done.stdout)
    page = state / "certificates.html"
    check("merge: the page is of all shards", f"{sum(parts)} certificates" in page.read_text(), page)


def check_unit(scratch, meshcert):
    text = (DEPLOY / "systemd/meshcert-sweep.service").read_text()

    def command_of(key):
        words = re.search(rf"^{key}=(.*)$", text, re.M)[1].split()
        for place, here in places.items():
            words = [word.replace(place, here) if word.startswith(place) else word for word in words]
        return words

    for directory in ("out", "unit", "certs"):
        (scratch / directory).mkdir()
    shutil.copytree(ROOT / "certs/workload", scratch / "certs/workload")
    places = {UNIT_MESHCERT: meshcert, "/var/lib/prometheus/node-exporter": str(scratch / "out"),
              "/var/lib/meshcert": str(scratch / "unit"), "/etc/istio": str(scratch / "certs"), "/etc/certs": str(scratch / "certs")}
    for name, status in (("ExecStartPre", 0), ("ExecStart", 1), ("ExecStartPost", 0)):
        done = run(command_of(name))
        check(f"systemd: {name} runs", done.returncode == status, done.stdout)
    run(command_of("ExecStartPre"))
    check("systemd: metrics of an earlier run fail the unit", run(command_of("ExecStartPost")).returncode == 1)
    with open(scratch / "out/meshcert.prom") as metrics:
        done = run(["promtool", "check", "metrics"], stdin=metrics)
    check("systemd: what it writes is accepted by promtool", done.returncode == 0, done.stdout)
    if shutil.which("systemd-analyze"):
        unit = scratch / "meshcert-sweep.service"
        unit.write_text(text.replace(UNIT_MESHCERT, meshcert))
        shutil.copy(DEPLOY / "systemd/meshcert-sweep.timer", scratch)
        done = run(["systemd-analyze", "verify", "--man=no", str(unit), str(scratch / "meshcert-sweep.timer")])
        check("systemd-analyze verify", done.returncode == 0, done.stdout)
    else:
        print("skipped: systemd-analyze is not installed")


def main():
    meshcert = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/meshcert").resolve())
    if shutil.which("promtool") is None:
        print("skipped: promtool is not installed (Debian: prometheus)")
        return 77
    if yaml is None:
        print("skipped: PyYAML is not installed (Debian: python3-yaml)")
        return 77
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        check("manifests parse", len(documents()) >= 7)
        check_prometheus(scratch)
        check_documented_alerts(scratch, meshcert)
        check_metrics(meshcert)
        check_roles()
        check_pods()
        check_jobs(scratch, meshcert)
        check_unit(scratch, meshcert)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
