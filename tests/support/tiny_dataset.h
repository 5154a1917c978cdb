// A concept dataset for the tiny model, of texts that it can learn.
#pragma once

#include <filesystem>
#include <sstream>
#include <string>

#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/dataset_card.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {

/// Writes `folder`/dataset: thirty texts of the tiny model in `folder`, in each the third token with one
/// synonym.
inline void write_tiny_dataset(const std::filesystem::path& folder) {
  const auto tokenizer = tokenizer::Tokenizer::load(folder);
  concepts::DatasetWriter writer(folder / "dataset", dataset_card(tokenizer->hash(), tokenizer->size()));
  std::istringstream texts(tiny_text(30));
  for (std::string text; std::getline(texts, text);) {
    concepts::ConceptRecord record{text, text, tokenizer->encode_ids(text), {}};
    record.words.push_back(
        {2, "word", words::PartOfSpeech::noun, {{tokenizer->encode_ids(" dog"), "dog", 1}}});
    writer.write(record);
  }
  writer.commit();
}

}  // namespace conceptune::test
