// Metadata of a GGUF file that is to be written.
#include "conceptune/base/gguf_values.h"

#include <gtest/gtest.h>

#include <cstring>

namespace conceptune {
namespace {

template <class T>
T number_in(const GgufValues& values, const char* key) {
  T number;
  const auto& value = values.values().at(key);
  EXPECT_EQ(value.bytes.size(), sizeof number);
  std::memcpy(&number, value.bytes.data(), sizeof number);
  return number;
}

TEST(GgufValues, KeepWhatTheyPointInto) {
  GgufValues values;
  {
    const std::string key = "a.text", text = "passing";
    values.set(key, std::string_view(text));
    values.set("a.list", std::vector<std::string>{"x", "", "zzzz"});
    values.set("a.numbers", std::vector<std::int32_t>{1, -2});
  }
  EXPECT_EQ(values.values().at("a.text").strings, std::vector<std::string_view>{"passing"});
  const auto& list = values.values().at("a.list");
  EXPECT_TRUE(list.is_array);
  EXPECT_EQ(list.count, 3u);
  EXPECT_EQ(list.strings, (std::vector<std::string_view>{"x", "", "zzzz"}));
  EXPECT_EQ(values.values().at("a.numbers").type, GgufType::i32);
  EXPECT_EQ(values.values().at("a.numbers").bytes.size(), 8u);
}

TEST(GgufValues, TakeTheTypeOfTheNumber) {
  GgufValues values;
  values.set("flag", true);
  values.set("text", "a literal is no flag");
  values.set("real", 0.5F);
  values.set("count", std::uint32_t{7});
  EXPECT_EQ(values.values().at("flag").type, GgufType::boolean);
  EXPECT_EQ(number_in<std::uint8_t>(values, "flag"), 1);
  EXPECT_EQ(values.values().at("text").type, GgufType::string);
  EXPECT_EQ(number_in<float>(values, "real"), 0.5F);
  EXPECT_EQ(number_in<std::uint32_t>(values, "count"), 7u);
}

TEST(GgufValues, ReplaceWhatAKeyHad) {
  GgufValues values;
  values.set("key", "old");
  values.set("key", std::uint32_t{1});
  EXPECT_EQ(values.values().size(), 1u);
  EXPECT_EQ(values.values().at("key").type, GgufType::u32);
}

}  // namespace
}  // namespace conceptune
