// What a model would say in a word's place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace conceptune::concepts {

/// A token that is a space and letters.
struct Candidate {
  std::int32_t id;
  std::string text;  // without the space
  double probability;
};

/// Candidates of one word, most probable first.
using Candidates = std::vector<Candidate>;

}  // namespace conceptune::concepts
