// Who answers prompts: an instruct model here, or one behind a server.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::concepts {

/// What a model wrote, and how it came to an end.
struct ModelAnswer {
  std::string text = {};
  bool is_cut_off = false;   ///< at the most tokens that it may have; the model had not ended it
  bool in_thought = false;   ///< the prompt ended within a thought
  bool is_refused = false;   ///< the prompt is too long for the model, or the request failed
  std::string failure = {};  ///< why a request failed
  std::int64_t tokens = 0;   ///< written, where that is known
  bool operator==(const ModelAnswer&) const = default;
};

class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  /// What answers depend on besides the prompts, for a dataset's card.
  virtual Json made_from() const = 0;
  /// The greedy answers to groups of prompts (those of a passage begin alike), in order. A prompt's answer
  /// does not depend on the others. Throws Interrupted when asked to stop.
  virtual std::vector<ModelAnswer> answers(std::span<const std::vector<std::string>> groups,
                                           std::stop_token stop) const = 0;
};

}  // namespace conceptune::concepts
