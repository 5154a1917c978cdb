#include "conceptune/base/byte_source.h"

#include <gmock/gmock.h>

#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

/// Gives its bytes a few at a time, as a stream may.
class Trickle : public ByteSource {
 public:
  explicit Trickle(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(char* buffer, std::size_t size) override {
    const std::size_t n = bytes_.copy(buffer, std::min<std::size_t>(size, 3), position_);
    position_ += n;
    return n;
  }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

std::string text_of(std::string bytes) {
  const auto source = text_source(std::make_unique<Trickle>(std::move(bytes)), "f", "reading");
  return read_all(*source, 1000, "f", "reading");
}

TEST(PeekedSource, GivesWhatItLookedAt) {
  PeekedSource source(std::make_unique<Trickle>("abcdefgh"), 5);
  EXPECT_EQ(source.first(), "abcde");
  source.skip(1);
  EXPECT_EQ(source.first(), "bcde");
  EXPECT_EQ(read_all(source, 100, "f", "reading"), "bcdefgh");
  EXPECT_EQ(PeekedSource(std::make_unique<Trickle>("ab"), 5).first(), "ab");
}

TEST(TextSource, LeavesOutTheByteOrderMark) {
  EXPECT_EQ(text_of("\xef\xbb\xbf"
                    "a\n\xef\xbb\xbf"
                    "b"),
            "a\n\xef\xbb\xbf"
            "b");
  EXPECT_EQ(text_of("\xef\xbb\xbf"), "");
  EXPECT_EQ(text_of("\xef\xbb"), "\xef\xbb");
  EXPECT_EQ(text_of(""), "");
}

TEST(TextSource, SaysWhatIsNoText) {
  EXPECT_EQ(test::refusal_of([] { text_of(std::string("\xff\xfe{\0}\0", 6)); }),
            "reading: f: UTF-16 text, expected UTF-8 text; convert it: iconv -f UTF-16 -t UTF-8");
  EXPECT_THAT(test::refusal_of([] { text_of("PAR1\x15\x04"); }), testing::HasSubstr("f: a Parquet file"));
}

TEST(ReadAll, HasALimit) {
  Trickle source("abcdef");
  EXPECT_EQ(test::refusal_of([&] { read_all(source, 5, "f", "reading"); }),
            "reading: f: longer than 5 bytes, the most for one text");
}

TEST(OpenByteSource, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(test::refusal_of([] { open_byte_source("/none", "reading"); }),
              testing::HasSubstr("reading: /none"));
}

}  // namespace
}  // namespace conceptune
