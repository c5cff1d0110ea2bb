#!/usr/bin/env python3
"""Opens a page of `meshcert ... -o html` in headless Chromium and uses it as people do.

    tools/test-page.py [MESHCERT [DIRECTORY]]

Sorts, filters and unfolds with the keyboard, in light and dark, wide and narrow, and
holds that nothing is fetched, nothing breaks the page's own policy, nothing of a hostile
name acts, and nothing is wider than the window. Screenshots go to DIRECTORY. Without
Chromium it says so and ends with status 77.
"""
import base64, json, os, pathlib, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    """Chromium, spoken to through two pipes (--remote-debugging-pipe)."""

    def __init__(self, program, profile):
        to_read, self.out = os.pipe()
        self.into, from_write = os.pipe()

        def place():
            high_in, high_out = os.dup(to_read), os.dup(from_write)
            os.dup2(high_in, 3), os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--hide-scrollbars", f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read), os.close(from_write)
        self.number, self.buffer, self.events, self.session = 0, b"", [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self):
        while b"\0" not in self.buffer:
            octets = os.read(self.into, 1 << 20)
            if not octets:
                raise RuntimeError("the browser went away")
            self.buffer += octets
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def run(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def key(self, name, code=0, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                      text=text if kind == "keyDown" else "")

    def type(self, text):
        self.call("Input.insertText", text=text)

    def look(self, width, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def screenshot(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 3200), "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.process.kill()
        self.process.wait()


FAILURES = []


def check(what, holds, seen=""):
    print(("ok: " if holds else "FAILED: ") + what + ("" if holds else f" ({seen})"))
    if not holds:
        FAILURES.append(what)


def count(browser):
    return browser.run("document.querySelectorAll('#rows > tr:not(.more)').length")


def ends(browser):
    """When certificates end, in the order of the rows; of one that has yet to begin it is not shown."""
    return browser.run("[...document.querySelectorAll('#rows .when')].filter(cell => !cell.textContent.startsWith('begins'))"
                       ".map(cell => cell.querySelector('small').textContent)")


def quiet(browser, name):
    """Nothing was fetched, refused, thrown or logged."""
    fetched = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    fetched = [url for url in fetched if not url.startswith("file:")]
    spoken = [e["params"] for e in browser.events
              if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")]
    check(name + ": nothing is fetched", not fetched, fetched)
    check(name + ": nothing is refused or thrown", not spoken, spoken)


def looks(browser, name, directory):
    for width in (1280, 400):
        for scheme in ("light", "dark"):
            browser.look(width, scheme)
            wide = browser.run("document.documentElement.scrollWidth")
            check(f"{name}: fits {width} columns of pixels", wide <= width, wide)
            if directory:
                browser.screenshot(directory / f"{name}-{width}-{scheme}.png")
    light, dark = [browser.look(1280, scheme) or browser.run("getComputedStyle(document.body).backgroundColor")
                   for scheme in ("light", "dark")]
    check(name + ": light and dark differ", light != dark, light)
    browser.look(1280, "light")


def uses(browser, name):
    rows = count(browser)
    check(name + ": there are rows", rows > 0, rows)
    by_expiry = ends(browser)
    check(name + ": what ends first stands first", by_expiry == sorted(by_expiry), by_expiry[:3])
    # From the filter, Tab leads through kind and chips to the heads of the columns.
    browser.run("document.getElementById('certificates').focus()")
    browser.key("/", 191, "/")
    check(name + ": / leads to the filter", browser.run("document.activeElement.id") == "filter")
    for _ in range(20):
        if browser.run("document.activeElement.textContent") == "Expires":
            break
        browser.key("Tab", 9)
    browser.key("Enter", 13, "\r")
    reversed_order = browser.run("document.querySelectorAll('#heads th')[1].getAttribute('aria-sort')")
    check(name + ": Enter on a head turns the order", reversed_order == "descending", reversed_order)
    turned = ends(browser)
    check(name + ": and the rows", turned == sorted(turned, reverse=True), turned[:3])
    browser.run("document.querySelector('#rows .open').focus()")
    browser.key("Enter", 13, "\r")
    check(name + ": a row unfolds", browser.run("document.querySelectorAll('#rows .more').length") == 1)
    browser.key("/", 191, "/")
    browser.type("no certificate is called this")
    check(name + ": a filter without matches leaves no row", count(browser) == 0, count(browser))
    browser.run("(() => { const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input')); })()")
    check(name + ": without a filter all are back", count(browser) == rows, count(browser))
    chips = browser.run("document.querySelectorAll('#chips .chip').length")
    browser.run("document.querySelectorAll('#chips .chip').forEach(chip => chip.click())")
    check(name + ": chips hide what they name", chips > 0 and count(browser) == 0, count(browser))
    browser.run("document.querySelectorAll('#chips .chip').forEach(chip => chip.click())")
    code = browser.run("document.querySelector('details.code[id]')?.id")
    if code:
        browser.run(f"location.hash = '#{code}'")
        browser.run("new Promise(done => setTimeout(done, 50))")
        check(name + ": a link to a code unfolds it", browser.run(f"document.getElementById('{code}').open"))


def hostile(scratch):
    """A Secret whose names are markup; its certificate is one of ours."""
    pem = (ROOT / "certs/svid/multiple-uris.pem").read_bytes()
    name = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    secret = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
              "metadata": {"name": name, "namespace": "<b>&amp;{{7*7}}"},
              "data": {"tls.crt": base64.b64encode(pem).decode()}}
    path = scratch / "<img src=x onerror=alert(1)>.json"
    path.write_text(json.dumps(secret))
    return path


def huge(page):
    """The page with its rows many times over: as many as a page may have."""
    mark = '"rows":['
    begin = page.index(mark) + len(mark)
    end = page.index("]}</script>", begin)
    row = json.loads("[" + page[begin:end] + "]")[0]
    rows = [[f"name {i % 7919} {i}", i % 5, *row[2:]] for i in range(20000)]
    return page[:begin] + json.dumps(rows)[1:-1] + page[end:]


def endures(browser, name):
    """A full page stays usable."""
    check(name + ": a few of 20000 rows are drawn", 0 < count(browser) <= 100, count(browser))
    took = browser.run("(() => { const begin = performance.now(); const f = document.getElementById('filter');"
                       " f.value = 'name 42'; f.dispatchEvent(new Event('input')); return performance.now() - begin; })()")
    check(name + ": a filter answers within half a second", took < 500, took)
    before = count(browser)
    browser.run("document.getElementById('further').click()")
    check(name + ": more are shown when asked for", count(browser) > before, count(browser))


def main():
    meshcert = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/meshcert"
    directory = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    meshcert = str(pathlib.Path(meshcert).resolve())
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("skipped: Chromium is not installed")
        return 77
    if directory:
        directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        scratch = pathlib.Path(name)
        pages = {"sweep": ["sweep", "certs"], "dump": ["inspect", "certs/dumps/healthy.json"],
                 "bad-dump": ["inspect", "certs/dumps/expired-and-wrong-identity.json"],
                 "hostile": ["sweep", str(hostile(scratch))], "many": ["inspect", "certs/pki/root.pem"]}
        browser = Browser(program, scratch / "profile")
        try:
            for page, arguments in pages.items():
                path = scratch / f"{page}.html"
                text = subprocess.run(
                    [meshcert, arguments[0], "-o", "html", "--at", "2024-01-01T06:00:00Z", *arguments[1:]],
                    cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
                path.write_text(huge(text) if page == "many" else text)
                browser.open(path)
                looks(browser, page, directory)
                uses(browser, page)
                if page == "many":
                    endures(browser, page)
                quiet(browser, page)
                check(page + ": no name acts", browser.run("document.title").startswith("meshcert "))
                check(page + ": no name is markup", browser.run("document.images.length") == 0)
        finally:
            browser.close()
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
