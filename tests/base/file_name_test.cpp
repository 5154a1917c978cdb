#include "conceptune/base/file_name.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

TEST(FilePart, KeepsWhatFileSystemsTake) {
  EXPECT_EQ(file_part("men-3.tsv_a=b"), "men-3.tsv_a=b");
  EXPECT_EQ(file_part("a/b c"), "a-b-c");
  EXPECT_EQ(file_part("λ 0.5"), "---0.5");
}

TEST(FilePart, ShortensLongNamesSoThatTheyStayDifferent) {
  const std::string a = file_part(std::string(240, 'x') + "a"), b = file_part(std::string(240, 'x') + "b");
  EXPECT_EQ(a.size(), 57U);
  EXPECT_NE(a, b);
  EXPECT_EQ(file_part(std::string(57, 'x')), std::string(57, 'x'));
}

TEST(FileLabel, LeavesOutTheEndingsOfFormatsAlone) {
  EXPECT_EQ(file_label("models/Llama-3.2-1B"), "Llama-3.2-1B");
  EXPECT_EQ(file_label("models/Llama-3.2-1B/"), "Llama-3.2-1B");
  EXPECT_EQ(file_label("SmolLM2-135M-Instruct.Q4_1.gguf"), "SmolLM2-135M-Instruct.Q4_1");
  EXPECT_EQ(file_label("/data/c4.jsonl.gz"), "c4");
  EXPECT_EQ(file_label("plain"), "plain");
}

}  // namespace
}  // namespace conceptune
