// A model, WordNet and a passage with two content words, for sources that choose among a pool's words.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/wordnet.h"
#include "conceptune/runtime/generation/language_model.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {

class TwoWordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(path);
    CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun");
    model_ = generation::LanguageModel(path);
    static const auto database = WordNet::load(WordNetOptions{}.folder);
    wordnet_ = database;
    const std::string text = "She bought a red car yesterday.";
    using words::PartOfSpeech;
    draft_.record = {"p",
                     text,
                     model_.tokenizer()->encode_ids(text),
                     {{1, "bought", PartOfSpeech::verb, {}}, {4, "car", PartOfSpeech::noun, {}}}};
    draft_.tags = {"VBD", "NN"};
  }

  generation::LanguageModel model_{""};
  std::shared_ptr<const WordNet> wordnet_;
  Draft draft_;
};

}  // namespace conceptune::concepts
