#include "conceptune/report/page.h"

#include <fmt/format.h>

#include "conceptune/base/utf8.h"

namespace conceptune::report {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --text: #1b1f24; --soft: #59636e; --page: #ffffff; --card: #f6f8fa;
  --line: #d1d9e0; --mark: #fff3c4; --better: #0a6b33; --worse: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b1; --page: #0d1117; --card: #161b22;
  --line: #3d444d; --mark: #4a3f12; --better: #56d364; --worse: #ff8f86; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; color: var(--text); background: var(--page);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0; } .soft, small, caption { color: var(--soft); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .5rem .7rem; font-size: .9rem; }
.scroll caption { position: sticky; left: 0; max-width: min(72rem, calc(100vw - 3.2rem)); }
th, td { padding: .35rem .7rem; text-align: right; vertical-align: top; border-top: 1px solid var(--line); }
th:first-child, td.text { text-align: left; }
thead th { background: var(--card); white-space: nowrap; }
tbody th { font-weight: 500; min-width: 8.5rem; position: sticky; left: 0; background: var(--page); }
small { display: block; font-size: .78rem; white-space: nowrap; }
.better { color: var(--better); } .worse { color: var(--worse); }
.figures { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
figure { margin: 0; padding: .4rem; border: 1px solid var(--line); border-radius: .5rem; }
figure svg { display: block; width: 100%; height: auto; max-width: 34rem; margin: auto; }
.example { background: var(--card); border-radius: .5rem; padding: .7rem .9rem; margin: .7rem 0; }
mark { background: var(--mark); color: inherit; border-radius: .2rem; padding: 0 .15rem; }
dl { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: .1rem .9rem; margin: .5rem 0 0; font-size: .92rem; }
dt { font-weight: 600; } dd { margin: 0; }
dl.beside { grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .8rem 1.2rem; }
dl.beside dd { white-space: pre-line; }
details { margin: .6rem 0; } summary { cursor: pointer; font-weight: 500; }
pre { background: var(--card); border-radius: .5rem; padding: .8rem; overflow-x: auto; font-size: .85rem; }
nav a { margin-right: 1rem; display: inline-block; } a { color: inherit; }
)";

std::string section(std::string_view id, std::string_view heading, const std::string& content) {
  return fmt::format("<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2>\n{2}</section>\n", id,
                     escape_html(heading), content);
}

std::string figures_html(const std::vector<Figure>& figures) {
  if (figures.empty())
    return "<p class=\"soft\">No figures: gnuplot was not there when this report was made.</p>\n";
  std::string html = "<div class=\"figures\">\n";
  for (const auto& figure : figures) html += "<figure>" + figure.svg + "</figure>\n";
  return html + "</div>\n";
}

std::string facts_html(const std::map<std::string, std::string>& facts) {
  std::string html = "<dl>\n";
  for (const auto& [name, value] : facts)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), escape_html(value));
  return html + "</dl>\n";
}

std::string list_html(const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string html = "<ul>\n";
  for (const auto& item : items) html += "<li>" + escape_html(item) + "</li>\n";
  return html + "</ul>\n";
}

/// What was done, what came out and what may not be concluded.
std::string opening_section(const Opening& opening) {
  std::string html;
  for (const auto& sentence : opening.done) html += "<p>" + escape_html(sentence) + "</p>\n";
  for (const auto& finding : opening.found) {
    html += "<h3>" + escape_html(finding.question) + "</h3>\n" + list_html(finding.answers);
    if (finding.undecided > 0)
      html += fmt::format("<p class=\"soft\">Undecided: {} of {}.</p>\n", finding.undecided,
                          finding.undecided + finding.answers.size());
  }
  if (!opening.limits.empty()) html += "<h3>What may not be concluded</h3>\n" + list_html(opening.limits);
  return section("opening", "In words", html);
}

/// How to read the answers.
constexpr std::string_view kAboutAnswers =
    "<p class=\"soft\">A difference is the mean over the seeds that both sides have, on the same items. Its "
    "interval (95 % unless the configuration says otherwise) is that of other items and other seeds. p is "
    "corrected for all rows of this table by Holm's method, and for nothing else. Verdicts: higher or lower "
    "where the corrected p allows it; no difference larger than the margin where the whole interval lies "
    "within "
    "it; undecided otherwise. “Of these items” is Student's interval over the seeds alone. “The other side "
    "has "
    "of the gain” says which share of the gain over next-token training (or the base) the second arm shows "
    "too.</p>\n";

std::string answers_section(const PageParts& parts) {
  if (parts.answers.rows.empty()) return {};
  return section("answers", "Answers", to_html(parts.answers) + std::string(kAboutAnswers));
}

std::string results_section(const PageParts& parts) {
  std::string html;
  for (const auto& table : parts.summaries) html += to_html(table);
  html +=
      "<p class=\"soft\">Under a base value: its interval. Under an arm's value: the difference to the base "
      "and "
      "its paired interval; <span class=\"better\">▲</span> better, <span class=\"worse\">▼</span> worse, no "
      "mark "
      "where the interval holds 0. ↑ higher is better, ↓ lower is better.</p>\n";
  if (!parts.paper.rows.empty())
    html += "<details><summary>Beside the paper's results</summary>\n" + to_html(parts.paper) +
            "<p class=\"soft\">Models and data differ: signs and order of magnitude are what can "
            "agree.</p></details>\n";
  if (!parts.comparisons.rows.empty())
    html +=
        "<details><summary>Paired comparisons with the base, each alone</summary>\n" +
        to_html(parts.comparisons) +
        "<p class=\"soft\">Every adapter of its own, uncorrected for how many comparisons there are. Where "
        "tokens are resampled, as in the paper, intervals are too narrow: tokens of one passage hang "
        "together, and in simulations such an interval of 95 % holds the truth in some 83 %.</p></details>\n";
  if (!parts.measurements.rows.empty())
    html += "<details><summary>All measurements</summary>\n" + to_html(parts.measurements) + "</details>\n";
  return section("results", "Results", html);
}

std::string weight_section(const PageParts& parts) {
  std::string html =
      figures_html(parts.metric_figures) +
      "<p class=\"soft\">Bars: the paired interval of the difference to the base; where three or more seeds "
      "share a point, Student's interval of their mean; none for two seeds. Dashed: the base.</p>\n";
  if (!parts.further_figures.empty())
    html += "<details><summary>Further metrics</summary>\n" + figures_html(parts.further_figures) +
            "</details>\n";
  return section("weight", "Metrics against the concept weight", html);
}

std::string examples_section(const PageParts& parts) {
  std::string html =
      "<p class=\"soft\">Content words with a concept set are marked; their synonyms unfold below.</p>\n";
  for (const auto& example : parts.examples) html += example_html(example);
  return section("concepts", "Concept sets in context", html);
}

std::string samples_section(const PageParts& parts) {
  std::string html;
  for (const auto& [model, samples] : parts.samples) {
    if (samples.empty()) continue;
    html += fmt::format("<h3>{}</h3>\n", escape_html(model));
    for (const auto& sample : samples) html += sample_html(sample);
  }
  if (html.empty()) return {};
  return section("samples", "Continuations side by side",
                 "<p class=\"soft\">The likeliest token at each step: a look at how models write, no "
                 "measure.</p>\n" +
                     html);
}

std::string provenance_section(const PageParts& parts) {
  return section("made", "What was run",
                 facts_html(parts.facts) + to_html(parts.stages) + to_html(parts.inputs) +
                     "<details><summary>Resolved configuration</summary><pre>" + escape_html(parts.config) +
                     "</pre></details>\n");
}

}  // namespace

std::string example_html(const experiment::StoredExample& example) {
  const std::u32string text = decode_utf8(example.text);
  const auto slice = [&](std::size_t begin, std::size_t end) {
    std::string bytes;
    for (std::size_t i = begin; i < std::min(end, text.size()); ++i) append_utf8(bytes, text[i]);
    return escape_html(bytes);
  };
  std::string html = "<div class=\"example\"><p>", list;
  std::size_t position = 0;
  for (const auto& word : example.words) {
    if (word.begin < position || word.synonyms.empty()) continue;
    html += fmt::format("{}<mark>{}</mark>", slice(position, word.begin), slice(word.begin, word.end));
    position = word.end;
    std::string synonyms;
    for (const auto& synonym : word.synonyms)
      synonyms.append(synonyms.empty() ? "" : ", ").append(escape_html(synonym));
    list += fmt::format("<dt>{} <span class=\"soft\">{}</span></dt><dd>{}</dd>\n", escape_html(word.word),
                        escape_html(word.part_of_speech), synonyms);
  }
  return html + slice(position, text.size()) + "</p>\n<details><summary>Concept sets</summary><dl>" + list +
         "</dl></details></div>\n";
}

std::string sample_html(const evaluation::GenerationSample& sample) {
  const auto card = [](std::string_view name, std::string_view text) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(name), escape_html(text));
  };
  std::string html =
      fmt::format("<div class=\"example\"><p>{}<span class=\"soft\"> …</span></p>\n<dl class=\"beside\">\n",
                  escape_html(sample.prompt));
  if (!sample.original.empty()) html += card("the passage itself", sample.original);
  for (const auto& [subject, text] : sample.continuations) html += card(subject, text);
  return html + "</dl></div>\n";
}

std::string html_page(const PageParts& parts) {
  std::string body = fmt::format(
      "<header><h1>{}</h1><nav><a href=\"#opening\">In words</a>{}<a href=\"#results\">Results</a><a "
      "href=\"#weight\">Concept weight</a>"
      "<a href=\"#losses\">Losses</a><a href=\"#concepts\">Concepts</a><a href=\"#made\">What was "
      "run</a></nav>"
      "</header>\n<main>\n",
      escape_html(parts.title), parts.answers.rows.empty() ? "" : "<a href=\"#answers\">Answers</a>");
  body += opening_section(parts.opening);
  body += answers_section(parts);
  body += results_section(parts);
  body += weight_section(parts);
  body += section("losses", "Losses over time", figures_html(parts.loss_figures));
  body += examples_section(parts);
  body += samples_section(parts);
  body += provenance_section(parts);
  return fmt::format(
      "{}<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</main>\n</body>\n</html>\n",
      kPageBegin, escape_html(parts.title), kStyle, body);
}

}  // namespace conceptune::report
