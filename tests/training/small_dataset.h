// A dataset on disk for the small decoder of the tests.
#pragma once

#include <filesystem>
#include <string>

#include "conceptune/concepts/dataset.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/dataset_card.h"

namespace conceptune::training::test {

/// Writes `passages` records of five tokens with one content word, whose synonym is the token after it, and
/// gives the folder.
inline std::filesystem::path write_dataset(const std::filesystem::path& folder, int passages,
                                           const std::string& tokenizer = "tokenizer",
                                           bool word_in_set = true, double score = 0,
                                           const std::string& text = "text") {
  auto card = conceptune::test::dataset_card(
      tokenizer, static_cast<std::size_t>(conceptune::test::small_config().vocabulary));
  card.word_in_set = word_in_set;
  concepts::DatasetWriter writer(folder, card);
  for (int i = 0; i < passages; ++i) {
    const auto id = [&](int offset) { return (i * 7 + offset) % 48; };
    concepts::ConceptRecord record{std::to_string(i), text, {id(0), id(3), id(5), id(1), id(3)}, {}};
    record.words.push_back({3, "word", words::PartOfSpeech::noun, {{{id(1) + 1}, "other", score}}});
    writer.write(record);
  }
  writer.commit();
  return folder;
}

}  // namespace conceptune::training::test
