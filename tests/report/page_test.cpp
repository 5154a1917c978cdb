#include "conceptune/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ExampleHtml, MarksWordsByCharactersAndListsSynonyms) {
  const std::string html = example_html(sample_results().examples[0]);
  EXPECT_THAT(html, HasSubstr("The &lt;<mark>big</mark>&gt; naïve <mark>dog</mark> ran home."));
  EXPECT_THAT(html, HasSubstr("<dt>big <span class=\"soft\">ADJ</span></dt><dd>large, huge</dd>"));
  EXPECT_THAT(html, Not(HasSubstr("<mark>ran</mark>")));
}

TEST(ExampleHtml, SurvivesWordsBeyondTheText) {
  EXPECT_THAT(example_html({"abc", {{1, 9, "bc", "NOUN", {"x"}}, {12, 15, "z", "NOUN", {"y"}}}}),
              HasSubstr("a<mark>bc</mark>"));
}

TEST(SampleHtml, SetsContinuationsSideBySide) {
  const std::string html =
      sample_html({"held-out", "id", "The <cat>", "sat.", {{"base", "ran & ran"}, {"λ = 1", "slept"}}});
  EXPECT_THAT(html, HasSubstr("The &lt;cat&gt;"));
  EXPECT_THAT(html, HasSubstr("<dt>the passage itself</dt><dd>sat.</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>base</dt><dd>ran &amp; ran</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>λ = 1</dt><dd>slept</dd>"));
  EXPECT_THAT(sample_html({"prompts", "prompt 1", "The cat", "", {}}), Not(HasSubstr("the passage itself")));
}

TEST(HtmlPage, ShowsSamplesAndAnswersWhereThereAreSome) {
  PageParts parts;
  EXPECT_THAT(html_page(parts), Not(HasSubstr("Continuations")));
  parts.samples = {{"SmolLM2", {}}};
  EXPECT_THAT(html_page(parts), Not(HasSubstr("Continuations")));
  parts.samples[0].samples = {{"held-out", "id", "The cat", "", {{"base", "ran"}}}};
  EXPECT_THAT(html_page(parts), Not(HasSubstr("#answers")));
  parts.answers = {"answers", "What was asked", {"metric"}, {{{"simlex999", "", Tone::neutral}}}};
  parts.opening = {{"Trained: <one>."},
                   {{"Do synonyms add?",
                     {{"higher", "a minus b; 3 seeds", Tone::better, true, {"men +0.1"}},
                      {"undecided", "a minus c; 3 seeds", Tone::neutral, false, {"men +0.0", "sts +0.0"}}}}},
                   {"One seed."}};
  EXPECT_THAT(html_page(parts), HasSubstr("Continuations side by side"));
  const std::string html = html_page(parts);
  EXPECT_THAT(html, HasSubstr("What was asked"));
  EXPECT_THAT(html, HasSubstr("<p>Trained: &lt;one&gt;.</p>"));
  EXPECT_THAT(
      html, HasSubstr("<h3>Do synonyms add?</h3>\n<ul>\n<li><span class=\"better\" title=\"better\">▲</span> "
                      "<strong>Higher</strong>: a minus b; 3 seeds\n<ul>\n<li>men +0.1</li>"));
  EXPECT_THAT(html, HasSubstr("<summary>Undecided: 2 of 3</summary>"));
  EXPECT_THAT(html, HasSubstr("What may not be concluded"));
}

TEST(HtmlPage, LeadsToEverySectionThatItHas) {
  PageParts parts;
  parts.samples = {{"SmolLM2", {{"held-out", "id", "The cat", "", {{"base", "ran"}}}}}};
  const std::string html = html_page(parts);
  const std::string opening = "<h2 id=\"";
  std::size_t sections = 0;
  for (auto at = html.find(opening); at != std::string::npos; at = html.find(opening, at + 1), ++sections) {
    const auto begin = at + opening.size();
    const std::string id = html.substr(begin, html.find('"', begin) - begin);
    EXPECT_THAT(html, HasSubstr("<a href=\"#" + id + "\">"));
  }
  EXPECT_EQ(sections, 7U);
}

TEST(HtmlPage, NeedsNoOtherFileAndEscapesEverything) {
  PageParts parts;
  parts.title = "<script>alert(1)</script>";
  parts.facts = {{"version <b>", "1 & 2"}};
  parts.config = "name = \"<i>\"";
  parts.examples = sample_results().examples;
  const std::string html = html_page(parts);
  EXPECT_THAT(html, testing::StartsWith(kPageBegin));
  EXPECT_THAT(html, HasSubstr("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("<i>")));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("<link")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(html, HasSubstr("width=device-width"));
}

}  // namespace
}  // namespace conceptune::report
