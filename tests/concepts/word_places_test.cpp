#include "conceptune/concepts/word_places.h"

#include <gtest/gtest.h>

namespace conceptune::concepts {
namespace {

using tokenizer::Span;
using words::PartOfSpeech;

TEST(WordPlaces, AreBytesOfCharacters) {
  const ConceptRecord record{"p",
                             "é fire, ça fire 🙂 fire",
                             {1, 2, 3, 4, 5, 6, 7},
                             {{1, "fire", PartOfSpeech::noun, {}, {2, 6}},
                              {2, "lost", PartOfSpeech::noun, {}, {}},
                              {6, "fire", PartOfSpeech::noun, {}, {18, 22}}}};
  check_record(record, 10, "checking", "here");
  const auto places = byte_places(record);
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0].begin, 3U);
  EXPECT_EQ(places[0].end, 7U);
  EXPECT_EQ(places[1].begin, record.text.size());
  EXPECT_EQ(places[1].end, record.text.size());
  EXPECT_EQ(places[2].begin, record.text.rfind("fire"));
}

TEST(LocateWords, FindsWholeWordsInOrder) {
  ConceptRecord record{"p",
                       "Füre! The firemen saw a fire.",
                       {1, 2, 3, 4, 5},
                       {{1, "firemen", PartOfSpeech::noun, {}}, {3, "fire", PartOfSpeech::noun, {}}}};
  locate_words(record);
  EXPECT_EQ(record.words[0].span, (Span{10, 17}));
  EXPECT_EQ(record.words[1].span, (Span{24, 28}));
  record.words = {{1, "firemen", PartOfSpeech::noun, {}}, {3, "storm", PartOfSpeech::noun, {}}};
  locate_words(record);
  EXPECT_EQ(record.words[0].span, (Span{10, 17}));
  EXPECT_EQ(record.words[1].span, Span{});
}

TEST(LocateWords, TellsAWordFromEarlierOccurrencesByItsToken) {
  const std::string text = "I can open a can with the old can opener that I can hold.";
  const auto at = [&](const char* words) { return static_cast<std::uint32_t>(text.find(words)); };
  ConceptRecord record{"p", text, std::vector<std::int32_t>(15, 1), {{4, "can", PartOfSpeech::noun, {}}}};
  locate_words(record);
  EXPECT_EQ(record.words[0].span.begin, at("can with"));
  record.words = {{1, "can", PartOfSpeech::verb, {}}, {8, "can", PartOfSpeech::noun, {}}};
  locate_words(record);
  EXPECT_EQ(record.words[0].span.begin, at("can"));
  EXPECT_EQ(record.words[1].span.begin, at("can opener"));
}

}  // namespace
}  // namespace conceptune::concepts
