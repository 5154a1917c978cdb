#include "conceptune/runtime/tokenizer/byte_alphabet.h"

#include <gtest/gtest.h>

#include "conceptune/base/utf8.h"

namespace conceptune::tokenizer {
namespace {

TEST(ByteAlphabet, WritesBytesAsGpt2Does) {
  EXPECT_EQ(written_form(" word\n"), "ĠwordĊ");
  EXPECT_EQ(written_form("é"), "Ã©");
  EXPECT_EQ(written_form(std::string_view("\0\x7f\xad", 3)), "ĀġŃ");
}

TEST(ByteAlphabet, ReadsBackEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(count_code_points(written_form(all)), 256U);
  EXPECT_EQ(bytes_of_written(written_form(all)), all);
}

TEST(ByteAlphabet, RefusesOtherCharacters) {
  EXPECT_EQ(bytes_of_written("a b"), std::nullopt);
  EXPECT_EQ(bytes_of_written("ń"), std::nullopt);
  EXPECT_EQ(bytes_of_written("日"), std::nullopt);
}

}  // namespace
}  // namespace conceptune::tokenizer
