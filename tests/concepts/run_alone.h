// The plain twin of what endings are scored by: the whole text run alone.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/concepts/ending_scores.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/doubles.h"

namespace conceptune::test {

struct RunAlone {
  concepts::EndingScore score;
  model::Matrix state;  // at the word's last token, one row
};

inline RunAlone run_alone(const model::Decoder& decoder, const std::vector<std::int32_t>& text,
                          const concepts::Ending& ending) {
  std::vector<std::int32_t> all(text.begin(), text.begin() + ending.position);
  all.insert(all.end(), ending.word.begin(), ending.word.end());
  all.insert(all.end(), ending.following.begin(), ending.following.end());
  model::PackedBatch batch;
  batch.append(all);
  const model::Matrix states = decoder.forward(batch);
  const auto log_p = double_log_softmax(decoder.project(states));
  RunAlone alone;
  std::int64_t at = ending.position;
  for (const auto token : ending.word) alone.score.word += log_p.row(at++ - 1)[token];
  alone.state = model::rows_of(states, at - 1, 1);
  for (const auto token : ending.following) alone.score.following.push_back(log_p.row(at++ - 1)[token]);
  return alone;
}

}  // namespace conceptune::test
