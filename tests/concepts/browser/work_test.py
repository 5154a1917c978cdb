"""Judging on the dataset's page, as a person does it: clicks, keys, names, drafts, files. See page_case.py."""
import page_case

# Makes the browser refuse storage, as some do for files and in private windows.
REFUSE = """Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"""
PRESSED = "[...document.querySelectorAll('#candidates li')].map(li => li.className || '-')"


class Judging(page_case.PageTest):
    def test_clicks_keys_and_undo_decide(self):
        tab = self.open(self.small, "ann")
        self.assertEqual(tab.text("#facts"), "1 of 30")
        candidates = tab.texts("#candidates .text")
        tab.click("#candidates li:nth-child(1) .accept")
        tab.click("#candidates li:nth-child(2) .reject")
        self.assertEqual(tab.run(PRESSED)[:2], ["yes", "no"])
        tab.click("#candidates li:nth-child(2) .reject")
        self.assertEqual(tab.run(PRESSED)[1], "-")
        tab.press("2")
        tab.press("2")
        tab.press("1", shift=True)
        self.assertEqual(tab.run(PRESSED)[:2], ["no", "no"])
        tab.press("u")
        tab.press("z", control=True)
        self.assertEqual(tab.run(PRESSED)[:2], ["yes", "yes"])
        tab.press("U", shift=True)
        self.assertEqual(tab.run(PRESSED)[:2], ["yes", "no"])
        tab.press("a")
        self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")
        row = self.rows(self.save(tab))[0]
        self.assertEqual((row["annotator"], row["rejected"]), ("ann", candidates[1]))
        self.assertEqual(row["synonyms"].split("|"), [candidates[0], *candidates[2:]])

    def test_words_are_added_and_removed(self):
        tab = self.open(self.small, "ann")
        candidate = tab.text("#candidates .text")
        tab.press("w")
        for word in ("gently  held", tab.text("#word bdi"), candidate):
            tab.run("document.getElementById('addition').value = ''")
            tab.type(word)
            tab.press("Enter")
        self.assertEqual(tab.texts("#added bdi"), ["gently held"])
        self.assertEqual(tab.run(PRESSED)[0], "yes")  # a candidate is accepted, not added
        tab.press("Escape")
        self.assertEqual(self.rows(self.save(tab))[0]["added"], "gently held")
        tab.click("#added button")
        self.assertEqual(tab.texts("#added bdi"), [])
        tab.press("Escape")
        tab.press("u")
        self.assertEqual(tab.texts("#added bdi"), ["gently held"])

    def test_nothing_is_decided_without_a_name(self):
        tab = self.open(self.small)
        tab.press("a")
        self.assertIn("Enter your name first", tab.text("#notice"))
        self.assertEqual(tab.run("document.activeElement.id"), "name")
        self.assertEqual(tab.text("#progress-text"), "0 of 30 sets judged")

    def test_an_empty_set_can_be_judged(self):
        tab = self.open(self.small, "ann")
        while tab.run("document.getElementById('none').hidden"):
            tab.press("j")
        tab.click("#reject-rest")
        self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")
        self.assertEqual([row["synonyms"] for row in self.rows(self.save(tab))], [""])
        tab.click("#reject-rest")
        self.assertEqual(tab.text("#progress-text"), "0 of 30 sets judged")

    def test_enter_goes_to_what_is_not_judged(self):
        tab = self.open(self.small, "ann")
        self.judge_all(tab, "ar")
        tab.press("Home")
        tab.press("Enter")
        self.assertEqual(tab.text("#facts"), "3 of 30")


class Keeping(page_case.PageTest):
    def test_a_reload_keeps_the_work(self):
        tab = self.open(self.small, "ann")
        self.judge_all(tab, "arar")
        tab.reload()
        self.assertEqual(tab.run("document.getElementById('name').value"), "ann")
        before = tab.text("#progress-text")
        self.assertRegex(before, "^[34] of 30")  # a set without candidates is not accepted
        self.enter_name(tab, "bob")
        self.assertEqual(tab.text("#progress-text"), "0 of 30 sets judged")
        self.enter_name(tab, "ann")
        self.assertEqual(tab.text("#progress-text"), before)

    def test_a_wrong_name_leaves_no_work_behind(self):
        tab = self.open(self.small, "amn")
        tab.press("a")
        self.enter_name(tab, "ann")
        tab.click("#notice-act")
        self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")

    def test_two_tabs_of_one_person_lose_nothing(self):
        first = self.open(self.small, "ann")
        second = self.open(self.small)
        first.press("a")
        second.press("j")
        second.press("j")
        second.press("a")
        for tab in (first, second):
            tab.wait("document.getElementById('progress-text').innerText === '2 of 30 sets judged'")

    def test_a_saved_table_is_gone_on_from(self):
        tab = self.open(self.small, "ann")
        self.judge_all(tab, "arra")
        table = self.save(tab)
        tab.run("localStorage.clear()")
        tab.reload()
        tab.choose_files("#open", table)
        tab.wait("document.getElementById('notice-text').innerText.startsWith('Opened')")
        self.assertEqual(tab.run("document.getElementById('name').value"), "ann")
        again = self.save(tab)
        self.assertEqual(again.read_bytes(), table.read_bytes())

    def test_where_the_browser_refuses_storage_work_is_saved_as_a_file(self):
        tab = self.open(self.small, "ann", before=REFUSE)
        self.assertIn("save your work as a file", tab.text("#notice"))
        tab.press("a")
        self.assertIn("save your work as a file", tab.text("#notice"))
        self.enter_name(tab, "bob")
        self.enter_name(tab, "ann")
        self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")
        self.assertEqual(len(self.rows(self.save(tab))), 1)

    def test_a_full_storage_loses_nothing(self):
        tab = self.open(self.small, "bob")
        tab.press("a")
        tab.reload()
        self.enter_name(tab, "ann")
        tab.run("for (let n = 1 << 22; n >= 1; n >>= 1) for (;;) { try { localStorage['x' + n + Math.random()] = "
                "'x'.repeat(n); } catch { break; } }")
        tab.press("a")
        self.assertIn("save your work as a file", tab.text("#notice"))
        self.assertEqual(len(self.rows(self.save(tab))), 1)
        for name in ("bob", "ann"):
            self.enter_name(tab, name)
            self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")


class Refusing(page_case.PageTest):
    def refusal(self, tab, content, expected):
        table = self.downloads / "bad.tsv"
        table.write_bytes(content if isinstance(content, bytes) else content.encode())
        tab.run("document.getElementById('notice-text').textContent = ''")
        tab.choose_files("#open", table)
        tab.wait("document.getElementById('notice-text').textContent !== ''")
        told = tab.text("#notice-text")
        self.assertIn(expected, told)
        self.assertNotIn("\n", told)
        self.assertEqual(tab.text("#progress-text"), "1 of 30 sets judged")

    def test_unfit_tables_change_nothing(self):
        other = self.open(self.other, "ann")
        other.press("a")
        foreign = self.save(other).read_text()
        tab = self.open(self.small)
        tab.press("a")
        good = self.save(tab).read_text()
        first, row = good.splitlines()
        fields = row.split("\t")

        def changed(column, value):
            return "\n".join([first, "\t".join([*fields[:column], value, *fields[column + 1:]])])

        self.refusal(tab, foreign, "another dataset, or another version of it. Nothing was changed.")
        self.refusal(tab, "", "is no table of judgements")
        self.refusal(tab, first, "holds no judgements")
        self.refusal(tab, b"\xff\xfe", "no UTF-8 text")
        self.refusal(tab, changed(1, "ann|bob"), "line 2: holds judgements of several people (ann, bob)")
        self.refusal(tab, changed(1, ""), "line 2: names no annotator")
        self.refusal(tab, changed(3, "1"), "at character 1")
        self.refusal(tab, changed(4, "zebra"), "has no content word 'zebra'")
        self.refusal(tab, changed(8, "zebra"), "'zebra' is no candidate")
        self.refusal(tab, changed(6, "a\\q"), "line 2: a backslash without")
        self.refusal(tab, good + row, "line 3: judges")

    def test_two_people_of_one_name_are_told_apart(self):
        tab = self.open(self.small, "ann")
        tab.press("a")
        table = self.save(tab)
        tab.choose_files("#compare", table)
        tab.wait("document.getElementById('notice-text').textContent.includes('has your name')")
        self.enter_name(tab, "bob")
        twin = self.downloads / "twin.tsv"
        twin.write_bytes(table.read_bytes())
        tab.choose_files("#compare", table, twin)
        tab.wait("document.getElementById('notice-text').textContent.includes(\"a second table of 'ann'\")")


if __name__ == "__main__":
    page_case.main()
