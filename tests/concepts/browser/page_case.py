"""What the tests of the dataset's page share: pages of small and large datasets, opened in a headless Chromium, and
what a person does there.

usage of each: NAME_test.py PROGRAM [--pictures FOLDER] [unittest's words]

Ends with 77 where there is no browser. --pictures leaves pictures of the page in a folder, to be looked at."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import datasets

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import devtools

PROGRAM = ""
PICTURES = None
SETS = 5000  # of the large page


def run(*words, fails=False):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, encoding="utf8")
    assert (result.returncode != 0) == fails, result.stderr
    return result.stderr if fails else result.stdout


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        root = cls.root = pathlib.Path(cls.folder.name)
        cls.big = datasets.make(root / "big", SETS)
        cls.small = datasets.make(root / "small", 30)
        cls.other = datasets.make(root / "other", 15)
        cls.hostile = datasets.make_hostile(root / "hostile")
        for dataset in (cls.big, cls.small, cls.other, cls.hostile):
            run("inspect", dataset, "--html", dataset.with_suffix(".html"), "--passages", 0)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.browser = devtools.Browser(devtools.find_browser())
        self.addCleanup(self.browser.close)
        self.downloads = pathlib.Path(tempfile.mkdtemp(dir=self.root))

    def open(self, dataset, name="", **options):
        tab = self.browser.open(dataset.with_suffix(".html"), **options)
        tab.wait("document.querySelectorAll('.set').length > 0")
        if name:
            self.enter_name(tab, name)
        return tab

    def enter_name(self, tab, name):
        tab.click("#name")
        tab.run("document.getElementById('name').select()")
        tab.type(name)
        tab.press("Enter")

    def save(self, tab):
        return tab.download("#save", self.downloads)

    def judge_all(self, tab, keys):
        """Presses a key for each set in turn."""
        for key in keys:
            tab.press(key)
            tab.press("j")

    def rows(self, path):
        first, *lines = path.read_text(encoding="utf8").splitlines()
        return [dict(zip(first.split("\t"), line.split("\t"))) for line in lines]


def main():
    global PROGRAM, PICTURES
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not devtools.find_browser():
        print(f"skipped: needs one of {', '.join(devtools.NAMES)}")
        sys.exit(77)
    PROGRAM = sys.argv.pop(1)
    if sys.argv[1:2] == ["--pictures"]:
        _, PICTURES = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
