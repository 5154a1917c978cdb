#include "conceptune/words/english/word_features.h"

#include "conceptune/words/english/python_text.h"
#include "conceptune/words/english/string_id.h"

namespace conceptune::words {

WordFeatures word_features(std::string_view word, const std::string* norm, bool space_after,
                           const WordNorms& norms) {
  return {string_id(norm != nullptr ? *norm : norms.norm(word)),
          string_id(word_prefix(word)),
          string_id(word_suffix(word)),
          string_id(word_shape(word)),
          space_after ? 1U : 0U,
          is_all_python_space(word) ? 1U : 0U};
}

}  // namespace conceptune::words
