#include "conceptune/words/english/parser_network.h"

#include <algorithm>

#include "conceptune/words/english/thinc_model.h"

namespace conceptune::words {
namespace {

constexpr std::size_t kHidden = ParserNetwork::kHidden;
constexpr std::size_t kPieces = ParserNetwork::kPieces;
constexpr std::size_t kSlots = ParserNetwork::kSlots;
constexpr std::size_t kSlotSize = kPieces * kHidden;

// What a token adds to the hidden layer in each slot takes 4 KiB, so it is computed for some tokens at a time
// and kept for the most recent 2,048: the parser seldom looks further back.
constexpr std::int32_t kBlockTokens = 16;
constexpr std::int32_t kPlaces = 128;

constexpr std::int64_t signed_size(std::size_t size) { return static_cast<std::int64_t>(size); }

const ThincNode& hidden_node(const ThincModel& model) { return *model.named("precomputable_affine", 1)[0]; }

const ThincNode& upper_node(const ThincModel& model) {
  const ThincNode& root = *model.named("parser_model", 1)[0];
  const auto upper = root.references.find("upper");
  const auto nodes = signed_size(model.nodes().size());
  if (upper == root.references.end() || upper->second < 0 || upper->second >= nodes)
    model.fail("no upper layer");
  return model.nodes()[static_cast<std::size_t>(upper->second)];
}

const ThincNode& projection_node(const ThincModel& model) {
  const auto linear = model.named("linear", 2);
  return linear[0] == &upper_node(model) ? *linear[1] : *linear[0];
}

/// A linear layer; `outputs` -1 for any number.
kernels::LinearLayer read_linear(const ThincModel& model, const ThincNode& node, std::int64_t outputs,
                                 std::size_t inputs) {
  const auto& weight = model.parameter(node, "W", {outputs, signed_size(inputs)});
  const auto& bias = model.parameter(node, "b", {weight.shape[0]});
  return {weight.values, bias.values, static_cast<std::size_t>(weight.shape[0])};
}

/// From […][unit][piece][inner] to […][piece][unit][inner].
std::vector<float> pieces_before_units(const ThincParameter& parameter, std::size_t inner) {
  std::vector<float> result(parameter.values.size());
  const std::size_t block = kSlotSize * inner;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t unit = i % block / (kPieces * inner);
    const std::size_t piece = i / inner % kPieces;
    result[i / block * block + (piece * kHidden + unit) * inner + i % inner] = parameter.values[i];
  }
  return result;
}

kernels::LinearLayer read_hidden(const ThincModel& model) {
  const auto& weight = model.parameter(
      hidden_node(model), "W",
      {signed_size(kSlots), signed_size(kHidden), signed_size(kPieces), signed_size(kHidden)});
  return {pieces_before_units(weight, kHidden), {}, kSlots * kSlotSize};
}

}  // namespace

ParserNetwork ParserNetwork::load(const std::filesystem::path& file) {
  return ParserNetwork(ThincModel::load(file));
}

ParserNetwork::ParserNetwork(const ThincModel& model)
    : projection_(read_linear(model, projection_node(model), signed_size(kHidden), TokenEncoder::kWidth)),
      hidden_(read_hidden(model)),
      scores_(read_linear(model, upper_node(model), -1, kHidden)),
      no_token_(pieces_before_units(
          model.parameter(hidden_node(model), "pad",
                          {1, signed_size(kSlots), signed_size(kHidden), signed_size(kPieces)}),
          1)),
      hidden_bias_(pieces_before_units(
          model.parameter(hidden_node(model), "b", {signed_size(kHidden), signed_size(kPieces)}), 1)) {}

ParserNetwork::Scorer::Scorer(const ParserNetwork& network, const TokenEncoder::Document& document)
    : network_(network),
      document_(document),
      projected_(kBlockTokens * kHidden),
      scores_(network.scores_.output_stride()) {
  const auto blocks = (static_cast<std::int32_t>(document.tokens()) + kBlockTokens - 1) / kBlockTokens;
  block_in_place_.assign(static_cast<std::size_t>(std::min(blocks, kPlaces)), -1);
  contributions_.resize(block_in_place_.size() * kBlockTokens * kSlots * kSlotSize);
}

void ParserNetwork::Scorer::compute_block(std::int32_t block) {
  const auto first = static_cast<std::size_t>(block) * kBlockTokens;
  const std::size_t tokens = std::min<std::size_t>(kBlockTokens, document_.tokens() - first);
  const std::size_t place = static_cast<std::size_t>(block) % block_in_place_.size();
  network_.projection_.run(document_.row(first), TokenEncoder::kWidth, tokens, projected_.data());
  network_.hidden_.run(projected_.data(), kHidden, tokens,
                       contributions_.data() + place * kBlockTokens * kSlots * kSlotSize);
  block_in_place_[place] = block;
}

const float* ParserNetwork::Scorer::contribution(std::int32_t token, std::size_t slot) {
  if (token == ParserState::kNone) return network_.no_token_.data() + slot * kSlotSize;
  const std::int32_t block = token / kBlockTokens;
  const std::size_t place = static_cast<std::size_t>(block) % block_in_place_.size();
  if (block_in_place_[place] != block) compute_block(block);
  const std::size_t row = place * kBlockTokens + static_cast<std::size_t>(token % kBlockTokens);
  return contributions_.data() + (row * kSlots + slot) * kSlotSize;
}

std::span<const float> ParserNetwork::Scorer::score(const std::array<std::int32_t, kSlots>& context) {
  std::array<float, kSlotSize> sums{};
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const float* added = contribution(context[slot], slot);
    for (std::size_t i = 0; i < kSlotSize; ++i) sums[i] += added[i];
  }
  std::array<float, kHidden> hidden;
  for (std::size_t unit = 0; unit < kHidden; ++unit)
    hidden[unit] = std::max(sums[unit] + network_.hidden_bias_[unit],
                            sums[kHidden + unit] + network_.hidden_bias_[kHidden + unit]);
  network_.scores_.run(hidden.data(), kHidden, 1, scores_.data());
  return {scores_.data(), network_.classes()};
}

}  // namespace conceptune::words
