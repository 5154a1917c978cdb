#include "conceptune/base/gguf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/inputs.h"

namespace conceptune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Bytes of a GGUF file, true or lying.
class Bytes {
 public:
  template <class T>
  Bytes& number(T value) {
    content_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Bytes& raw(std::string_view text) {
    content_ += text;
    return *this;
  }
  Bytes& string(std::string_view text) { return number<std::uint64_t>(text.size()).raw(text); }
  Bytes& header(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
    return raw("GGUF").number(version).number(tensors).number(entries);
  }
  Bytes& key(std::string_view key, GgufType type) {
    return string(key).number(static_cast<std::uint32_t>(type));
  }
  Bytes& array(std::string_view key, GgufType element, std::uint64_t count) {
    return this->key(key, GgufType::array).number(static_cast<std::uint32_t>(element)).number(count);
  }
  Bytes& tensor(std::string_view name, std::vector<std::uint64_t> shape, std::uint32_t type,
                std::uint64_t offset) {
    string(name).number<std::uint32_t>(shape.size());
    for (const auto size : shape) number(size);
    return number(type).number(offset);
  }
  Bytes& data(std::size_t size) {
    content_.resize((content_.size() + 31) / 32 * 32);
    content_.append(size, '\1');
    return *this;
  }
  GgufFile parse() const { return GgufFile(std::as_bytes(std::span(content_)), "m.gguf"); }
  const std::string& content() const { return content_; }

 private:
  std::string content_;
};

void expect_refused(const Bytes& bytes, std::string_view problem) {
  try {
    bytes.parse();
    ADD_FAILURE() << "accepted; expected: " << problem;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(std::string(problem)));
  }
}

Bytes two_tensors(std::uint64_t second_offset) {
  Bytes bytes;
  bytes.header(2, 0).tensor("a", {8}, 0, 0).tensor("b", {32, 2}, 8, second_offset);
  return bytes.data(32 + 68);
}

TEST(Gguf, GivesValuesByTypeAndKey) {
  Bytes bytes;
  bytes.header(0, 6).key("s", GgufType::string).string("text").key("n", GgufType::u8).number<std::uint8_t>(7);
  bytes.key("f", GgufType::f32).number(0.5F).key("b", GgufType::boolean).number<std::uint8_t>(1);
  bytes.array("words", GgufType::string, 2).string("one").string("");
  bytes.array("ints", GgufType::i16, 2).number<std::int16_t>(-3).number<std::int16_t>(4);
  const auto file = bytes.parse();
  EXPECT_EQ(file.string("s"), "text");
  EXPECT_EQ(file.integer("n"), 7);
  EXPECT_EQ(file.number("n"), 7.0);
  EXPECT_EQ(file.number("f"), 0.5);
  EXPECT_EQ(file.boolean("b"), true);
  EXPECT_THAT(*file.strings("words"), ElementsAre("one", ""));
  EXPECT_THAT(*file.integers("ints"), ElementsAre(-3, 4));
  EXPECT_THAT(*file.numbers("ints"), ElementsAre(-3.0, 4.0));
  EXPECT_EQ(file.integer("absent"), std::nullopt);
  EXPECT_EQ(file.strings("absent"), nullptr);
  EXPECT_EQ(file.metadata().at("ints").text(), "[-3, 4]");
  EXPECT_EQ(file.metadata().at("words").text(), "[one, ]");
  EXPECT_EQ(file.metadata().at("f").text(), "0.5");
}

TEST(Gguf, RefusesAValueOfAnotherType) {
  Bytes bytes;
  bytes.header(0, 2).key("s", GgufType::string).string("text");
  bytes.key("big", GgufType::u64).number(~std::uint64_t{0});
  const auto file = bytes.parse();
  EXPECT_THROW(file.integer("s"), InputError);
  EXPECT_THROW(file.number("s"), InputError);
  EXPECT_THROW(file.boolean("s"), InputError);
  EXPECT_THROW(file.strings("s"), InputError);
  EXPECT_THROW(file.integer("big"), InputError);
}

TEST(Gguf, PlacesTensors) {
  const auto bytes = two_tensors(32);
  const auto file = bytes.parse();
  ASSERT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.tensors()[1].name, "b");
  EXPECT_STREQ(file.tensors()[1].type->name, "Q8_0");
  EXPECT_THAT(file.tensors()[1].shape, ElementsAre(32, 2));
  EXPECT_EQ(file.tensors()[1].bytes.size(), 68U);
  EXPECT_EQ(file.tensors()[1].bytes.data() - file.tensors()[0].bytes.data(), 32);
}

TEST(Gguf, RefusesEveryTruncation) {
  const auto whole = two_tensors(32);
  for (std::size_t size = 0; size < whole.content().size(); ++size) {
    Bytes cut;
    cut.raw(std::string_view(whole.content()).substr(0, size));
    EXPECT_THROW(cut.parse(), InputError) << size;
  }
}

TEST(Gguf, RefusesAnotherFormatOrVersion) {
  expect_refused(Bytes().raw("PK\3\4").data(64), "no GGUF file");
  expect_refused(Bytes().header(0, 0, 1), "version is 1, expected 2 or 3");
}

TEST(Gguf, RefusesLyingCounts) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;
  expect_refused(Bytes().header(0, kHuge), "metadata entries, expected at most");
  expect_refused(Bytes().header(kHuge, 0), "tensors, expected at most");
  expect_refused(Bytes().header(0, 1).array("a", GgufType::f64, kHuge), "bytes left in the file");
  expect_refused(Bytes().header(0, 1).array("a", GgufType::string, kHuge), "bytes left in the file");
  expect_refused(Bytes().header(0, 1).number(kHuge), "expected 1 to 65535");
  expect_refused(Bytes().header(0, 1).key("s", GgufType::string).number(kHuge), "left in the file");
}

TEST(Gguf, RefusesBadEntries) {
  expect_refused(Bytes().header(0, 1).key("k", static_cast<GgufType>(13)), "unknown value type 13");
  expect_refused(Bytes().header(0, 1).array("k", GgufType::array, 1), "array of arrays");
  expect_refused(Bytes().header(0, 1).key("\xff", GgufType::u8).number<std::uint8_t>(0), "not valid UTF-8");
  Bytes twice;
  twice.header(0, 2)
      .key("k", GgufType::u8)
      .number<std::uint8_t>(0)
      .key("k", GgufType::u8)
      .number<std::uint8_t>(0);
  expect_refused(twice, "key 'k' twice");
  Bytes alignment;
  alignment.header(0, 1).key("general.alignment", GgufType::u32).number<std::uint32_t>(24);
  expect_refused(alignment, "expected a power of two");
}

TEST(Gguf, RefusesBadTensors) {
  const auto one = [](std::vector<std::uint64_t> shape, std::uint32_t type, std::uint64_t offset) {
    Bytes bytes;
    return bytes.header(1, 0).tensor("t", std::move(shape), type, offset).data(256);
  };
  EXPECT_EQ(one({8}, 0, 0).parse().tensors().size(), 1U);
  expect_refused(one({8}, 0, 16), "not aligned");
  expect_refused(one({8}, 0, 256), "beyond the end of the file");
  expect_refused(one({8}, 0, std::uint64_t(-32)), "beyond the end of the file");
  expect_refused(one({65}, 0, 0), "beyond the end of the file");
  expect_refused(one({0}, 0, 0), "dimension 0");
  expect_refused(one({1ULL << 33, 1ULL << 33}, 0, 0), "too many elements");
  expect_refused(one({1ULL << 62}, 0, 0), "too many elements");
  expect_refused(one({31}, 8, 0), "needs a multiple of 32");
  expect_refused(one({8}, 4, 0), "unknown type 4");
  expect_refused(one({1, 1, 1, 1, 1}, 0, 0), "5 dimensions");
  expect_refused(two_tensors(0), "overlaps");
  Bytes twice;
  twice.header(2, 0).tensor("t", {8}, 0, 0).tensor("t", {8}, 0, 32).data(64);
  expect_refused(twice, "tensor 't' twice");
}

TEST(Gguf, ReadsARealModelFile) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const GgufFile file(path);
  EXPECT_EQ(file.string("general.architecture"), "llama");
  EXPECT_EQ(file.strings("tokenizer.ggml.tokens")->size(), 49152U);
  EXPECT_EQ(file.integer("llama.block_count"), 30);
  EXPECT_EQ(file.tensors().size(), 272U);
}

}  // namespace
}  // namespace conceptune
