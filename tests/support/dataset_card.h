// The card of a concept dataset that a test makes.
#pragma once

#include <string>

#include "conceptune/concepts/dataset.h"

namespace conceptune::test {

inline concepts::DatasetCard dataset_card(const std::string& tokenizer_hash, std::size_t vocabulary) {
  concepts::DatasetCard card;
  card.source = "test";
  card.tokenizer_hash = tokenizer_hash;
  card.vocabulary = static_cast<std::int64_t>(vocabulary);
  card.made_from = Json::object();
  card.outcomes = Json::object();
  return card;
}

}  // namespace conceptune::test
