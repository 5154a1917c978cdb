"""A headless Chromium as a person uses it: clicks, keys, files. Speaks the DevTools protocol over pipes, so that
Python's own library is enough."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
KEYS = {"Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, ""),
        "ArrowDown": ("ArrowDown", 40, ""), "ArrowUp": ("ArrowUp", 38, ""), "End": ("End", 35, ""),
        "Home": ("Home", 36, "")}
PATIENCE = 60  # seconds; machines that build beside the test are slow


def find_browser():
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        command = [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
                   "--no-first-run", "--disable-background-networking", "--hide-scrollbars", "--disable-dev-shm-usage",
                   f"--user-data-dir={self.profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "bash", *command],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._last = 0
        self.events = []

    def close(self):
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self.profile.cleanup()

    def call(self, method, session=None, **parameters):
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        until = time.monotonic() + PATIENCE
        while True:
            reply = self._next(until)
            if reply.get("id") != self._last:
                self.events.append(reply)
            elif "error" in reply:
                raise RuntimeError(f"{method}: {reply['error']['message']}")
            else:
                return reply["result"]

    def wait_event(self, method):
        """The first event of a kind since the last one that was asked for."""
        until = time.monotonic() + PATIENCE
        while True:
            for i, event in enumerate(self.events):
                if event.get("method") == method:
                    del self.events[:i + 1]
                    return event["params"]
            self.events.append(self._next(until))

    def _next(self, until):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            block = os.read(self._read, 1 << 20)
            if not block:
                raise RuntimeError("the browser ended")
            self._buffer += block
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, width=1440, height=900, before=None):
        return Tab(self, pathlib.Path(path), width, height, before)


class Tab:
    """One page. `before` is a script that runs before the page's own, to make the browser another one."""

    def __init__(self, browser, path, width, height, before):
        self.browser = browser
        self.requests = []
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setInterceptFileChooserDialog", enabled=True)
        self.resize(width, height)
        if before:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        self.go(path.as_uri())

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def go(self, url):
        self.browser.events.clear()
        self.call("Page.navigate", url=url)
        self.browser.wait_event("Page.loadEventFired")

    def reload(self):
        self.browser.events.clear()
        self.call("Page.reload")
        self.browser.wait_event("Page.loadEventFired")

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script):
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:2000])
        return result["result"].get("value")

    def wait(self, condition):
        until = time.monotonic() + PATIENCE
        while not self.run(condition):
            if time.monotonic() > until:
                raise TimeoutError(condition)
            time.sleep(0.02)

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def texts(self, selector):
        return self.run(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.innerText)")

    def click(self, selector):
        """At the middle of an element, which must be in sight and not covered."""
        name = json.dumps(selector)
        place = self.run(f"""(() => {{
            const node = document.querySelector({name});
            node.scrollIntoView({{ block: 'nearest' }});
            const box = node.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
            const hit = document.elementFromPoint(x, y);
            return {{ x, y, isHit: node.contains(hit) || hit?.contains(node) }};
        }})()""")
        if not place["isHit"]:
            raise RuntimeError(f"{selector} is covered or out of sight at {place}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place["x"], y=place["y"], button="left", clickCount=1)

    def type(self, text):
        for character in text:
            self.press(character)

    def press(self, key, control=False, shift=False):
        code, number, text = KEYS.get(key, (f"Digit{key}" if key.isdigit() else f"Key{key.upper()}", ord(key[0].upper()),
                                            key))
        modifiers = 2 * control + 8 * (shift or (len(key) == 1 and key.isupper()))
        common = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({} if control else {"text": text}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def choose_files(self, selector, *paths):
        """Clicks what asks for files, and chooses them."""
        self.browser.events.clear()
        self.click(selector)
        chooser = self.browser.wait_event("Page.fileChooserOpened")
        self.call("DOM.setFileInputFiles", files=[str(path) for path in paths], backendNodeId=chooser["backendNodeId"])

    def download(self, selector, folder):
        """Clicks what saves a file; gives its path, in a folder of its own below `folder`."""
        place = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(place), eventsEnabled=True)
        self.click(selector)
        until = time.monotonic() + PATIENCE
        while True:
            saved = [path for path in place.glob("*.tsv") if path.stat().st_size]
            if saved:
                return saved[0]
            if time.monotonic() > until:
                raise TimeoutError(f"{selector} saved nothing")
            time.sleep(0.02)

    def screenshot(self, path):
        image = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(image))
