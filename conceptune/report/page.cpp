#include "conceptune/report/page.h"

#include <fmt/format.h>

#include <cctype>

#include "conceptune/base/utf8.h"
#include "conceptune/report/escapes.h"
#include "conceptune/report/page_text.h"

namespace conceptune::report {
namespace {

/// A part of the page that the navigation leads to.
struct Section {
  std::string id, name, heading, content;
};

std::string section_html(const Section& section) {
  return fmt::format("<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2>\n{2}</section>\n", section.id,
                     escape_html(section.heading), section.content);
}

/// A frame with each {{name}} replaced by what `parts` has under that name.
std::string filled(std::string_view frame, const std::map<std::string_view, std::string>& parts) {
  std::string text;
  for (std::size_t begin = 0; begin < frame.size();) {
    const auto place = frame.find("{{", begin);
    const auto end = frame.find("}}", place);
    text += frame.substr(begin, place - begin);
    if (end == std::string_view::npos) break;
    text += parts.at(frame.substr(place + 2, end - place - 2));
    begin = end + 2;
  }
  return text;
}

std::string panels_html(const std::vector<Figure>& panels) {
  std::string html = panels.size() % 4 == 0 && panels.size() < 8 ? "<div class=\"panels by-two\">\n"
                                                                 : "<div class=\"panels\">\n";
  for (const auto& panel : panels) html += "<div class=\"panel\">" + panel.svg + "</div>\n";
  return html + "</div>\n";
}

std::string figures_html(const std::vector<Figure>& figures) {
  if (figures.empty())
    return "<p class=\"soft\">No figures: gnuplot was not there when this report was made.</p>\n";
  return panels_html(figures);
}

/// Terms with what stands for each, as pairs or Definitions.
template <class Entries>
std::string definitions_html(const Entries& entries) {
  std::string html = "<dl>\n";
  for (const auto& [term, meaning] : entries)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(term), escape_html(meaning));
  return html + "</dl>\n";
}

std::string list_html(const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string html = "<ul>\n";
  for (const auto& item : items) html += "<li>" + escape_html(item) + "</li>\n";
  return html + "</ul>\n";
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// The verdict first, then what it is about.
std::string group_html(const Opening::Group& group) {
  return fmt::format("<li>{}<strong>{}</strong>: {}\n{}</li>\n", tone_mark(group.tone),
                     escape_html(capitalised(group.verdict)), escape_html(group.sides),
                     list_html(group.measured));
}

/// What is undecided is folded: a small run decides nothing, and a page of that would hide the rest.
std::string finding_html(const Opening::Finding& finding) {
  std::string decided, undecided;
  for (const auto& group : finding.groups) (group.is_decided ? decided : undecided) += group_html(group);
  std::string html = "<h3>" + escape_html(finding.question) + "</h3>\n";
  if (!decided.empty()) html += "<ul>\n" + decided + "</ul>\n";
  if (!undecided.empty())
    html += fmt::format("<details><summary>Undecided: {} of {}</summary>\n<ul>\n{}</ul>\n</details>\n",
                        finding.undecided(), finding.answers(), undecided);
  return html;
}

/// What was done, what came out and what may not be concluded.
Section opening_section(const Opening& opening) {
  std::string html;
  for (const auto& sentence : opening.done) html += "<p>" + escape_html(sentence) + "</p>\n";
  for (const auto& finding : opening.found) html += finding_html(finding);
  if (!opening.limits.empty()) html += "<h3>What may not be concluded</h3>\n" + list_html(opening.limits);
  return {"opening", "In words", "In words", html};
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

Section answers_section(const PageParts& parts) {
  if (parts.answers.rows.empty()) return {};
  return {"answers", "Answers", "Answers", to_html(parts.answers) + std::string(kAboutAnswers)};
}

/// A table, or where it is, if a page with it would be slow.
std::string if_not_long(const Table& table) {
  constexpr std::size_t kMostRows = 1000;
  if (table.rows.size() <= kMostRows) return to_html(table);
  return fmt::format("<p>{}: {} rows, in tables/{}.csv beside this page.</p>\n", escape_html(table.caption),
                     table.rows.size(), escape_html(table.name));
}

/// How to read the headline tables.
constexpr std::string_view kAboutResults =
    "<p class=\"soft\">A row is an arm, the mean over its seeds. Below a value: its difference to the base "
    "model and "
    "to next-token training (λ = 0), with the interval: that of the answer where the question was asked; "
    "otherwise "
    "of one seed that of other items, of three and more seeds Student's, of two none. Perplexities differ by "
    "percent. "
    "<span class=\"better\">▲</span> better, <span class=\"worse\">▼</span> worse, no mark where the "
    "interval holds "
    "0 or there is none; marks are not corrected for how many there are, the answers above are. ↑ higher is "
    "better, ↓ "
    "lower is better.</p>\n";

Section results_section(const PageParts& parts) {
  std::string html;
  for (const auto& table : parts.summaries) html += to_html(table);
  html += kAboutResults;
  if (!parts.glossary.empty())
    html += "<details><summary>What these numbers mean</summary>\n" + definitions_html(parts.glossary) +
            "</details>\n";
  if (!parts.comparisons.rows.empty())
    html +=
        "<details><summary>Paired comparisons with the base, each alone</summary>\n" +
        if_not_long(parts.comparisons) +
        "<p class=\"soft\">Every adapter of its own, uncorrected for how many comparisons there are. Where "
        "tokens are resampled, as in the paper, intervals are too narrow: tokens of one passage hang "
        "together, and in simulations such an interval of 95 % holds the truth in some 83 %.</p></details>\n";
  if (!parts.measurements.rows.empty())
    html +=
        "<details><summary>All measurements</summary>\n" + if_not_long(parts.measurements) + "</details>\n";
  return {"results", "Results", "Results", html};
}

Section dose_section(const PageParts& parts) {
  if (parts.dose_figures.empty()) return {};
  return {"dose", "What it costs", "What similarity costs",
          panels_html(parts.dose_figures) +
              "<p class=\"soft\">A curve is an arm, from one concept weight to the next, the largest at "
              "its end; arms beyond four times the base's perplexity are left out. To the "
              "left content words are predicted better. An arm that lies on another's curve buys the same at "
              "the same "
              "price.</p>\n"};
}

std::string figure_group_html(const FigureGroup& group) {
  return fmt::format("<figure>{}<figcaption><b>{}.</b> {}.</figcaption></figure>\n",
                     panels_html(group.panels), escape_html(group.title), escape_html(group.caption));
}

constexpr std::string_view kAboutPaper =
    "<p>What the run has of the paper's tables and figures, in its layout. The paper's own numbers stand "
    "beside those "
    "of the same corpus, source of concept sets and convention, and nowhere else; of the same model where "
    "the paper "
    "has it. In figures they are dotted. Bars are the paired interval of one seed's difference to the base, "
    "or "
    "Student's of three and more seeds; panels of one metric share their axis, and λ “base” is the model "
    "without "
    "training.</p>\n";

Section paper_section(const PageParts& parts) {
  std::string html;
  for (const auto& group : parts.paper_figures) html += figure_group_html(group);
  for (const auto& table : parts.paper_tables) html += to_html(table);
  if (!parts.paper.rows.empty())
    html +=
        to_html(parts.paper) +
        "<p class=\"soft\">Models and data differ: signs and order of magnitude are what can agree.</p>\n";
  if (html.empty()) return {};
  return {"paper", "As the paper", "As the paper shows it", std::string(kAboutPaper) + html};
}

constexpr std::string_view kAboutMovedPairs =
    "<p class=\"soft\">A pair's place is the share of the pairs that are less similar: to people, and by the "
    "model "
    "before and after. First those that came nearest to people's place, then those that went farthest from "
    "it.</p>\n";
constexpr std::string_view kAboutMovedWords =
    "<p class=\"soft\">Content words of the passages that occur at least five times, with the mean of −log p "
    "over "
    "their occurrences, in nats. First those that are predicted better by most, then those predicted worse. "
    "The "
    "largest of many changes are partly chance: a look at what moved, no test.</p>\n";

Section moved_section(const PageParts& parts) {
  std::string html;
  for (const auto& [about, tables] :
       {std::pair(kAboutMovedPairs, &parts.moved), {kAboutMovedWords, &parts.moved_words}}) {
    if (!tables->empty()) html += about;
    for (const auto& table : *tables) html += to_html(table);
  }
  if (html.empty()) return {};
  return {"moved", "What moved", "What moved most", html};
}

Section weight_section(const PageParts& parts) {
  std::string html =
      figures_html(parts.metric_figures) +
      "<p class=\"soft\">Bars: the paired interval of the difference to the base; where three or more seeds "
      "share a point, Student's interval of their mean; none for two seeds. Dashed: the base.</p>\n";
  if (!parts.further_figures.empty())
    html += "<details><summary>Further metrics</summary>\n" + figures_html(parts.further_figures) +
            "</details>\n";
  return {"weight", "Concept weight", "Metrics against the concept weight", html};
}

Section examples_section(const PageParts& parts) {
  std::string html =
      "<p class=\"soft\">Content words with a concept set are marked; their synonyms unfold below.</p>\n";
  for (const auto& example : parts.examples) html += example_html(example);
  return {"concepts", "Concept sets", "Concept sets in context", html};
}

Section samples_section(const PageParts& parts) {
  std::string html;
  for (const auto& [model, samples] : parts.samples) {
    if (samples.empty()) continue;
    html += fmt::format("<h3>{}</h3>\n", escape_html(model));
    for (const auto& sample : samples) html += sample_html(sample);
  }
  if (html.empty()) return {};
  return {
      "samples", "Continuations", "Continuations side by side",
      "<p class=\"soft\">The likeliest token at each step: a look at how models write, no measure.</p>\n" +
          html};
}

Section provenance_section(const PageParts& parts) {
  return {"made", "What was run", "What was run",
          definitions_html(parts.facts) + to_html(parts.stages) + to_html(parts.inputs) +
              "<details><summary>Resolved configuration</summary><pre>" + escape_html(parts.config) +
              "</pre></details>\n"};
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
  std::string navigation, sections;
  for (const Section& section :
       {opening_section(parts.opening), answers_section(parts), results_section(parts), dose_section(parts),
        paper_section(parts), moved_section(parts), weight_section(parts),
        Section{"losses", "Losses", "Losses over time", figures_html(parts.loss_figures)},
        examples_section(parts), samples_section(parts), provenance_section(parts)}) {
    if (section.id.empty()) continue;
    navigation += fmt::format("<a href=\"#{}\">{}</a>", section.id, escape_html(section.name));
    sections += section_html(section);
  }
  return filled(kPageFrame, {{"title", escape_html(parts.title)},
                             {"style", kPageStyle},
                             {"navigation", navigation},
                             {"sections", sections},
                             {"script", kPageScript}});
}

}  // namespace conceptune::report
