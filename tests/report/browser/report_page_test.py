"""A report's page in a headless Chromium: at the widths of a telephone and a desk, in both themes and on paper.

usage: report_page_test.py MAKE_REPORT_RUN [--pictures FOLDER] [unittest's words]

Ends with 77 where there is no browser. --pictures leaves pictures of the page in a folder, to be looked at."""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import devtools

MAKER = ""
PICTURES = None
WIDTHS = {390: 844, 1440: 900}
PAPER = 1032  # pixels between the margins of a sheet, A4 across
TABLE = "[...document.querySelectorAll('table')].find(t => t.caption.textContent.startsWith({caption}))"
# Elements that reach out of the page to the right, but for those that scroll within themselves.
OVERFLOWING = """[...document.querySelectorAll('body *')].filter(e => {
  for (let p = e.parentElement; p; p = p.parentElement)
    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false;
  return e.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
}).map(e => e.tagName + ' ' + e.className).slice(0, 5)"""


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        subprocess.run([MAKER, cls.folder.name], check=True)
        cls.page = pathlib.Path(cls.folder.name) / "report.html"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.browser = devtools.Browser(devtools.find_browser())
        self.addCleanup(self.browser.close)

    def open(self, width=1440):
        tab = self.browser.open(self.page, width, WIDTHS.get(width, 900))
        tab.call("Log.enable")
        return tab

    def complaints(self):
        """What the browser's console shows."""
        return [event["params"] for event in self.browser.events
                if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]

    def picture(self, tab, name):
        if not PICTURES:
            return
        image = tab.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": tab.run("document.documentElement.clientWidth"),
            "height": tab.run("document.documentElement.scrollHeight"), "scale": 1})["data"]
        pathlib.Path(PICTURES, name + ".png").write_bytes(base64.b64decode(image))

    def column(self, tab, caption, index):
        rows = TABLE.format(caption=json.dumps(caption)) + ".tBodies[0].rows"
        return tab.run(f"[...{rows}].filter(r => !r.hidden).map(r => r.cells[{index}].firstChild?.textContent ?? '')")

    def mark(self, tab, caption, name, element):
        """Gives a part of a table an id, so that it can be clicked."""
        tab.run(TABLE.format(caption=json.dumps(caption)) + f".{element}.id = {json.dumps(name)}")

    def test_fits_every_width_and_theme(self):
        for width in WIDTHS:
            for theme in ("light", "dark"):
                with self.subTest(width=width, theme=theme):
                    tab = self.open(width)
                    tab.prefer(theme)
                    self.assertEqual(tab.run("document.documentElement.scrollWidth"), width)
                    self.assertEqual(tab.run(OVERFLOWING), [])
                    tab.run("for (const d of document.querySelectorAll('details')) d.open = true")
                    self.assertEqual(tab.run("document.documentElement.scrollWidth"), width)
                    self.assertEqual(self.complaints(), [])
                    tab.run("for (const d of document.querySelectorAll('details')) d.open = false")
                    self.picture(tab, f"{width}-{theme}")

    def test_texts_can_be_read(self):
        for width in WIDTHS:
            tab = self.open(width)
            smallest = tab.run("Math.min(...[...document.querySelectorAll('svg')].map(s => "
                               "13 * s.getBoundingClientRect().width / s.viewBox.baseVal.width))")
            self.assertGreater(smallest, 10, "pixels of the letters in figures")
            for theme in ("light", "dark"):
                tab.prefer(theme)
                self.assertGreaterEqual(tab.run("""(() => {
                    const light = text => { const [r, g, b] = text.match(/[\\d.]+/g).map(v => v / 255)
                        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                        return .2126 * r + .7152 * g + .0722 * b; };
                    const page = light(getComputedStyle(document.body).backgroundColor);
                    const lines = [...document.querySelectorAll('.panel svg path[stroke^="var(--series"]')];
                    if (!lines.length) return 0;
                    return Math.min(...lines.map(line => { const own = light(getComputedStyle(line).stroke);
                        return (Math.max(own, page) + .05) / (Math.min(own, page) + .05); }));
                })()"""), 3, "contrast of lines to the page")

    def test_the_navigation_leads_to_every_section(self):
        tab = self.open(390)
        links = tab.run("[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))")
        self.assertEqual(links, tab.run("[...document.querySelectorAll('h2')].map(h => h.id)"))
        self.assertIn("paper", links)
        tab.click("nav a[href='#results']")
        tab.wait("(() => { const y = document.getElementById('results').getBoundingClientRect().y; "
                 "return y >= 0 && y < 120; })()")

    def test_tables_are_sorted_by_numbers(self):
        tab = self.open()
        caption = "SmolLM2-135M: passages of C4"
        written = self.column(tab, caption, 1)
        self.mark(tab, caption, "sorted", "tHead.rows[0].cells[1].firstChild")
        tab.click("#sorted")
        ascending = self.column(tab, caption, 1)
        numbers = [float(text.replace("−", "-")) for text in ascending]
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(max(numbers), 10000, "as numbers, not letters")
        self.assertNotEqual(ascending, written)
        self.assertEqual(tab.run("document.getElementById('sorted').parentElement.ariaSort"), "ascending")
        tab.click("#sorted")
        self.assertEqual(self.column(tab, caption, 1), ascending[::-1])
        tab.click("#sorted")
        self.assertEqual(self.column(tab, caption, 1), written)

    def test_tables_are_filtered_by_words(self):
        tab = self.open()
        caption = "SmolLM2-135M: passages of C4"
        rows = len(self.column(tab, caption, 0))
        self.mark(tab, caption, "filter", "closest('.table').querySelector('input')")
        tab.click("#filter")
        tab.type("noise")
        names = self.column(tab, caption, 0)
        self.assertTrue(0 < len(names) < rows)
        self.assertTrue(all("noise" in name for name in names))
        self.assertEqual(tab.run("document.getElementById('filter').closest('.filter').innerText").split()[-4:],
                         [str(len(names)), "of", str(rows), "rows"])

    def test_nothing_is_loaded_and_texts_stay_texts(self):
        tab = self.open()
        self.browser.events.clear()
        tab.reload()
        addresses = [event["params"]["request"]["url"] for event in self.browser.events
                     if event.get("method") == "Network.requestWillBeSent"]
        self.assertEqual([a for a in addresses if not a.startswith("file:")], [])
        self.assertEqual(tab.run("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"), "refused")
        self.assertIsNone(tab.run("window.broken"))

    def test_nothing_is_cut_or_folded_on_paper(self):
        tab = self.open(PAPER)
        tab.call("Emulation.setEmulatedMedia", media="print")
        tab.run("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(tab.run("document.querySelectorAll('details:not([open])').length"), 0)
        self.assertEqual(tab.run(OVERFLOWING), [])
        self.assertEqual(tab.run("[...document.querySelectorAll('.table, .scroll, pre')].filter("
                                 "e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60))"), [])
        self.picture(tab, "print")
        tab.run("dispatchEvent(new Event('afterprint'))")
        self.assertGreater(tab.run("document.querySelectorAll('details:not([open])').length"), 0)
        document = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        self.assertGreater(document.count(b"/Type /Page\n") + document.count(b"/Type/Page"), 1)
        if PICTURES:
            pathlib.Path(PICTURES, "print.pdf").write_bytes(document)


def main():
    global MAKER, PICTURES
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not devtools.find_browser():
        print(f"skipped: needs one of {', '.join(devtools.NAMES)}")
        sys.exit(77)
    MAKER = sys.argv.pop(1)
    if sys.argv[1:2] == ["--pictures"]:
        _, PICTURES = sys.argv.pop(1), sys.argv.pop(1)
        pathlib.Path(PICTURES).mkdir(parents=True, exist_ok=True)
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
