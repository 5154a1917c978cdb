#include "conceptune/words/english/dependency_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/words/english/msgpack.h"

namespace conceptune::words {
namespace {

// In the order of ParserAction.
constexpr std::array<std::string_view, kParserActions> kActionNames = {"SHIFT", "REDUCE", "LEFT", "RIGHT",
                                                                       "BREAK"};

/// A model with other settings would need another decoder.
void check_settings(const std::filesystem::path& file) {
  constexpr std::string_view kDoing = "reading the parser's settings";
  const Json settings = read_json_file(file, kDoing);
  with_file_context(file, kDoing, [&] {
    if (settings.value("beam_width", 1) != 1) throw MalformedValue("beam_width other than 1");
    if (settings.value("learn_tokens", false)) throw MalformedValue("learn_tokens is not supported");
  });
}

struct LabelFrequency {
  std::int64_t frequency;
  std::string label;
};

/// Labels of one action in the order of their classes: the most frequent first, then the greater label.
std::vector<LabelFrequency> labels_in_class_order(const Json& frequencies) {
  std::vector<LabelFrequency> labels;
  for (const auto& [label, frequency] : frequencies.items())
    labels.push_back({frequency.get<std::int64_t>(), label});
  std::ranges::sort(labels, [](const LabelFrequency& a, const LabelFrequency& b) {
    return a.frequency != b.frequency ? a.frequency > b.frequency : a.label > b.label;
  });
  return labels;
}

}  // namespace

DependencyParser::DependencyParser(ParserNetwork network) : network_(std::move(network)) {}

DependencyParser DependencyParser::load(const std::filesystem::path& folder) {
  check_settings(folder / "cfg");
  DependencyParser parser(ParserNetwork::load(folder / "model"));
  parser.read_transitions(folder / "moves");
  return parser;
}

void DependencyParser::read_transitions(const std::filesystem::path& moves) {
  constexpr std::string_view kDoing = "reading the parser's transitions";
  read_msgpack_file(moves, kDoing, [&](const MsgpackValue& root) {
    const Json actions = parse_json(root.at("moves").text(), kDoing, moves.string());
    for (std::size_t action = 0; action < kParserActions; ++action) {
      ClassRange& range = classes_of_action_[action];
      range.begin = transitions_.size();
      for (const auto& [frequency, label] : labels_in_class_order(actions.at(std::to_string(action))))
        transitions_.push_back({static_cast<ParserAction>(action), label_number(label)});
      range.end = transitions_.size();
      if (range.begin == range.end)
        throw MalformedValue(fmt::format("no class for {}", kActionNames[action]));
    }
    if (transitions_.size() != network_.classes())
      throw MalformedValue(
          fmt::format("{} transitions, but the network has {}", transitions_.size(), network_.classes()));
    root_label_ = label_number("ROOT");
    find_decorations();
  });
}

std::uint16_t DependencyParser::label_number(std::string_view label) {
  const auto found = std::ranges::find(labels_, label);
  if (found != labels_.end()) return static_cast<std::uint16_t>(found - labels_.begin());
  constexpr std::size_t kMaxLabels = 4096;
  if (labels_.size() == kMaxLabels) throw MalformedValue(fmt::format("more than {} labels", kMaxLabels));
  labels_.emplace_back(label);
  return static_cast<std::uint16_t>(labels_.size() - 1);
}

void DependencyParser::find_decorations() {
  constexpr std::string_view kSeparator = "||";
  // The parts of decorated labels may be new labels, which have no decoration themselves.
  const std::vector<std::string> labels = labels_;
  for (const std::string& label : labels) {
    const auto separator = label.find(kSeparator);
    decorations_.emplace_back();
    if (separator == label.npos) continue;
    const std::string_view text = label;
    decorations_.back() = {label_number(text.substr(0, separator)),
                           label_number(text.substr(separator + kSeparator.size()))};
  }
  decorations_.resize(labels_.size());
}

std::vector<std::string> DependencyParser::class_names() const {
  std::vector<std::string> names;
  for (const auto& [action, label] : transitions_) {
    names.emplace_back(kActionNames[static_cast<std::size_t>(action)]);
    if (!labels_[label].empty()) names.back() += " " + labels_[label];
  }
  return names;
}

Parse DependencyParser::parse(const TokenEncoder::Document& document, const std::vector<bool>& is_space,
                              float* smallest_margin) const {
  ParserState state(static_cast<std::int32_t>(document.tokens()));
  ParserNetwork::Scorer scorer(network_, document);
  while (!state.is_final()) {
    const Transition& transition = choose(state, scorer.score(state.context()), smallest_margin);
    state.apply(transition.action, transition.label);
  }
  return finish(state, is_space);
}

/// The valid transition with the greatest score, the first one on ties. One is always valid: SHIFT with an
/// empty stack, REDUCE with any other.
const DependencyParser::Transition& DependencyParser::choose(const ParserState& state,
                                                             std::span<const float> scores,
                                                             float* smallest_margin) const {
  float best_score = -std::numeric_limits<float>::infinity();
  float second_score = best_score;
  std::size_t best = transitions_.size();
  for (std::size_t action = 0; action < kParserActions; ++action) {
    if (!state.is_valid(static_cast<ParserAction>(action))) continue;
    for (std::size_t k = classes_of_action_[action].begin; k < classes_of_action_[action].end; ++k) {
      if (scores[k] <= best_score && best < transitions_.size()) {
        second_score = std::max(second_score, scores[k]);
        continue;
      }
      second_score = best_score;
      best_score = scores[k];
      best = k;
    }
  }
  if (smallest_margin != nullptr) *smallest_margin = std::min(*smallest_margin, best_score - second_score);
  return transitions_[best];
}

Parse DependencyParser::finish(const ParserState& state, const std::vector<bool>& is_space) const {
  Parse parse{{state.heads(), state.labels()}, {}};
  for (std::size_t t = 0; t < parse.forest.heads.size(); ++t) {
    if (parse.forest.heads[t] != ParserState::kNone) continue;
    parse.forest.heads[t] = static_cast<std::int32_t>(t);
    parse.forest.labels[t] = root_label_;
  }
  lift_decorated_arcs(parse.forest, decorations_, is_space);
  parse.sentence_start = sentence_starts(parse.forest);
  return parse;
}

}  // namespace conceptune::words
