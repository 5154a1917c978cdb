// Who says what a model expects in a word's place: a model here, or one behind a server.
#pragma once

#include <span>
#include <stop_token>

#include "conceptune/concepts/concept_source.h"

namespace conceptune::concepts {

class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  /// Fills in the candidates of each word of the drafts, most probable first, the word itself left out; and
  /// where a word has none for a reason that is known, why. Throws Interrupted when asked to stop.
  virtual void find(std::span<Draft> drafts, std::stop_token stop) const = 0;
};

}  // namespace conceptune::concepts
