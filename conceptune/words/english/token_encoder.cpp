#include "conceptune/words/english/token_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conceptune/words/english/msgpack.h"
#include "conceptune/words/english/string_id.h"
#include "conceptune/words/english/thinc_model.h"

namespace conceptune::words {
namespace {

constexpr std::size_t kWidth = TokenEncoder::kWidth;
constexpr auto kWidthInFiles = static_cast<std::int64_t>(kWidth);
constexpr auto kPieces = static_cast<std::int64_t>(kernels::MaxoutNormLayer::kPieces);
constexpr std::size_t kLayers = 4;
constexpr int kNeighbours = 1;  // on each side

constexpr std::array<std::string_view, kWordFeatures> kColumns = {"NORM",  "PREFIX", "SUFFIX",
                                                                  "SHAPE", "SPACY",  "IS_SPACE"};

/// The features and their order are part of the file; the code computes these six.
void check_columns(const ThincModel& model) {
  const ThincNode& extractor = *model.named("extract_features", 1)[0];
  const auto columns = extractor.attributes.find("columns");
  if (columns == extractor.attributes.end()) model.fail("no list of features");
  with_file_context(model.file(), "reading network weights", [&] {
    const MsgpackValue list = decode_msgpack(columns->second);
    const bool same = std::ranges::equal(
        list.array(), kColumns, [](const MsgpackValue& a, std::string_view b) { return a.text() == b; });
    if (!same) throw MalformedValue("other features than NORM, PREFIX, SUFFIX, SHAPE, SPACY, IS_SPACE");
  });
}

kernels::MaxoutNormLayer read_layer(const ThincModel& model, const ThincNode& maxout, const ThincNode& norm,
                                    std::int64_t inputs) {
  return {model.parameter(maxout, "W", {kWidthInFiles, kPieces, inputs}).values,
          model.parameter(maxout, "b", {kWidthInFiles, kPieces}).values,
          model.parameter(norm, "G", {kWidthInFiles}).values,
          model.parameter(norm, "b", {kWidthInFiles}).values};
}

}  // namespace

TokenEncoder::TokenEncoder(std::vector<Table> tables, kernels::MaxoutNormLayer mixing)
    : tables_(std::move(tables)), mixing_(std::move(mixing)) {}

std::vector<TokenEncoder::Table> TokenEncoder::read_tables(const ThincModel& model) {
  std::vector<Table> tables;
  for (const ThincNode* node : model.named("hashembed", kWordFeatures)) {
    if (model.integer_attribute(*node, "column") != static_cast<std::int64_t>(tables.size()))
      model.fail("embedding tables in another order than the features");
    const ThincParameter& values = model.parameter(*node, "E", {-1, kWidthInFiles});
    const std::int64_t seed = model.integer_attribute(*node, "seed");
    if (seed < 0 || seed > UINT32_MAX) model.fail(fmt::format("seed {} of an embedding table", seed));
    tables.push_back(
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(values.shape[0]), values.values});
  }
  return tables;
}

TokenEncoder TokenEncoder::load(const std::filesystem::path& file) {
  const ThincModel model = ThincModel::load(file);
  check_columns(model);
  for (const ThincNode* window : model.named("expand_window", kLayers))
    if (model.integer_attribute(*window, "window_size") != kNeighbours)
      model.fail("convolutions over other than three neighbours");
  const auto maxouts = model.named("maxout", kLayers + 1);
  const auto norms = model.named("layernorm", kLayers + 1);
  constexpr auto kMixed = static_cast<std::int64_t>(kWordFeatures) * kWidthInFiles;
  TokenEncoder encoder(read_tables(model), read_layer(model, *maxouts[0], *norms[0], kMixed));
  for (std::size_t layer = 1; layer <= kLayers; ++layer)
    encoder.layers_.push_back(
        read_layer(model, *maxouts[layer], *norms[layer], (2 * kNeighbours + 1) * kWidthInFiles));
  return encoder;
}

/// The six embeddings of a word end to end; each is the sum of four rows of its table.
void TokenEncoder::gather(const WordFeatures& word, float* features) const {
  for (std::size_t f = 0; f < kWordFeatures; ++f, features += kWidth) {
    const Table& table = tables_[f];
    std::fill_n(features, kWidth, 0.0F);
    for (const std::uint32_t key : embedding_keys(word[f], table.seed)) {
      const float* row = table.values_RD.data() + std::size_t{key % table.rows} * kWidth;
      for (std::size_t d = 0; d < kWidth; ++d) features[d] += row[d];
    }
  }
}

void TokenEncoder::embed(std::span<const WordFeatures> words, float* embedding_ND) const {
  constexpr std::size_t kBatch = 32;
  constexpr std::size_t kStride = kWordFeatures * kWidth;
  std::vector<float> features(std::min(kBatch, words.size()) * kStride);
  for (std::size_t begin = 0; begin < words.size(); begin += kBatch) {
    const std::size_t size = std::min(kBatch, words.size() - begin);
    for (std::size_t i = 0; i < size; ++i) gather(words[begin + i], features.data() + i * kStride);
    mixing_.run(features.data(), kStride, nullptr, size, embedding_ND + begin * kWidth);
  }
}

TokenEncoder::Document::Document(const TokenEncoder& encoder, std::size_t tokens)
    : padding_(encoder.padding()), tokens_(tokens), rows_((tokens + 2 * padding_) * kWidth) {}

// The padding rows start as zeros, and each layer changes them like any other row (spaCy pads once, around
// the whole stack of layers). A row at distance d from the text matters only up to layer kLayers − d.
void TokenEncoder::encode(Document& document) const {
  std::vector<float> next(document.rows_.size());
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const std::size_t first = layer + 1;
    const std::size_t rows = document.tokens_ + 2 * (document.padding_ - first);
    const float* input = document.rows_.data() + (first - kNeighbours) * kWidth;
    layers_[layer].run(input, kWidth, document.rows_.data() + first * kWidth, rows,
                       next.data() + first * kWidth);
    document.rows_.swap(next);
  }
}

}  // namespace conceptune::words
