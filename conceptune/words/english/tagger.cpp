#include "conceptune/words/english/tagger.h"

#include <algorithm>
#include <limits>
#include <span>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/words/english/msgpack.h"
#include "conceptune/words/english/thinc_model.h"

namespace conceptune::words {
namespace {

std::vector<std::string> read_labels(const std::filesystem::path& file) {
  constexpr std::string_view kDoing = "reading the tagger's labels";
  std::vector<std::string> labels;
  const Json root = read_json_file(file, kDoing);
  with_file_context(file, kDoing, [&] {
    for (const Json& label : root.at("labels")) labels.push_back(label.get<std::string>());
    if (labels.empty() || labels.size() > UINT16_MAX) throw MalformedValue("expected 1 to 65535 labels");
  });
  return labels;
}

float margin(std::span<const float> scores, std::span<const float>::iterator best) {
  float second = -std::numeric_limits<float>::infinity();
  for (auto score = scores.begin(); score != scores.end(); ++score)
    if (score != best) second = std::max(second, *score);
  return *best - second;
}

}  // namespace

Tagger::Tagger(std::vector<std::string> labels, kernels::LinearLayer scores)
    : labels_(std::move(labels)), scores_(std::move(scores)) {}

Tagger Tagger::load(const std::filesystem::path& folder) {
  auto labels = read_labels(folder / "cfg");
  const ThincModel model = ThincModel::load(folder / "model");
  const ThincNode& softmax = *model.named("softmax", 1)[0];
  const auto outputs = static_cast<std::int64_t>(labels.size());
  constexpr auto kInputs = static_cast<std::int64_t>(TokenEncoder::kWidth);
  const auto& weight = model.parameter(softmax, "W", {outputs, kInputs});
  const auto& bias = model.parameter(softmax, "b", {outputs});
  return {std::move(labels),
          kernels::LinearLayer(weight.values, bias.values, static_cast<std::size_t>(outputs))};
}

std::vector<std::uint16_t> Tagger::tag(const TokenEncoder::Document& document, float* smallest_margin) const {
  constexpr std::size_t kBatch = 64;
  std::vector<std::uint16_t> tags(document.tokens());
  std::vector<float> scores(kBatch * scores_.output_stride());
  for (std::size_t begin = 0; begin < tags.size(); begin += kBatch) {
    const std::size_t rows = std::min(kBatch, tags.size() - begin);
    scores_.run(document.row(begin), TokenEncoder::kWidth, rows, scores.data());
    for (std::size_t r = 0; r < rows; ++r) {
      const std::span<const float> row(scores.data() + r * scores_.output_stride(), scores_.outputs());
      const auto best = std::ranges::max_element(row);
      tags[begin + r] = static_cast<std::uint16_t>(best - row.begin());
      if (smallest_margin != nullptr) *smallest_margin = std::min(*smallest_margin, margin(row, best));
    }
  }
  return tags;
}

}  // namespace conceptune::words
