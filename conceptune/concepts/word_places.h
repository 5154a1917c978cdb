// Where a record's words stand in its text.
#pragma once

#include <cstddef>
#include <vector>

#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// Bytes of a text, half-open.
struct BytePlace {
  std::size_t begin, end;
};

/// The places of a record's words, in order, as bytes of its text; an unknown one is empty, at the text's
/// end.
std::vector<BytePlace> byte_places(const ConceptRecord& record);

/// Fills in the spans of a record that has none (format 1 kept none): of several occurrences as a whole word
/// the one nearest to where the word's token is likely to be. A word that is not in the text gets none.
void locate_words(ConceptRecord& record);

}  // namespace conceptune::concepts
