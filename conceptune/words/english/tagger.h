// The part-of-speech tagger: one linear layer on the encoder's vectors.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/runtime/kernels/dense.h"
#include "conceptune/words/english/token_encoder.h"

namespace conceptune::words {

class Tagger {
 public:
  /// Reads `model` and `cfg` in the folder `tagger`. Throws InputError when one is malformed.
  static Tagger load(const std::filesystem::path& folder);

  /// The Penn Treebank tags it gives.
  const std::vector<std::string>& labels() const { return labels_; }

  /// Index of the best label of each token; the first one on ties. `smallest_margin`, unless null, is lowered
  /// to the smallest difference between the best and the second-best score of any token.
  std::vector<std::uint16_t> tag(const TokenEncoder::Document& document,
                                 float* smallest_margin = nullptr) const;

 private:
  Tagger(std::vector<std::string> labels, kernels::LinearLayer scores);

  std::vector<std::string> labels_;
  kernels::LinearLayer scores_;
};

}  // namespace conceptune::words
