#include "conceptune/base/decompressors.h"

#include <gmock/gmock.h>

#include "conceptune/base/file.h"
#include "tests/support/compressed.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::compressed;
using test::refusal_of;
using testing::HasSubstr;

constexpr std::size_t kMost = std::size_t{1} << 26;

std::string content_of(const std::filesystem::path& path) {
  const auto source = open_byte_source(path, "reading");
  return read_all(*source, kMost, path.string(), "reading");
}

std::string decompress(std::string_view bytes) {
  const test::TemporaryFolder folder;
  return content_of(folder.write("f", bytes));
}

std::string refusal(const std::string& bytes) {
  return refusal_of([&] { decompress(bytes); });
}

/// Longer than a block, and not too compressible.
std::string long_text() {
  std::string text;
  for (std::uint64_t i = 0; text.size() < 400'000; ++i) text += std::to_string(i * i * 2654435761U) + "\n";
  return text;
}

TEST(Decompressors, ReadEveryCompression) {
  const std::string text = long_text();
  for (const char* compression : test::kCompressions) {
    EXPECT_EQ(decompress(compressed(text, compression)), text) << compression;
  }
  EXPECT_EQ(decompress(text), text);
}

TEST(Decompressors, ReadStreamsOneAfterTheOther) {
  for (const std::string compression : test::kCompressions) {
    const std::string one = compressed("one\n", compression), two = compressed("two\n", compression),
                      empty = compressed("", compression);
    EXPECT_EQ(decompress(one + two), "one\ntwo\n") << compression;
    // libarchive before 3.7 stops at an empty member of lzip, whatever follows: that is never unsaid.
    const auto problem = refusal(one + empty + two);
    if (compression == "lzip" && problem != "no error") {
      EXPECT_THAT(problem, HasSubstr("bytes that are no compressed stream follow"));
      continue;
    }
    EXPECT_EQ(decompress(one + empty + two), "one\ntwo\n") << compression;
    EXPECT_EQ(decompress(empty), "") << compression;
  }
}

TEST(Decompressors, RefuseEveryTruncation) {
  for (const std::string compression : test::kCompressions) {
    const std::string whole = compressed("some text that is cut short somewhere", compression);
    // With less the kind of compression is not known, and the bytes are text.
    for (std::size_t size = kCompressionMagicBytes; size < whole.size(); ++size)
      EXPECT_THAT(refusal(whole.substr(0, size)), HasSubstr("ends too early")) << compression << " " << size;
    const std::string two = whole + whole;
    for (std::size_t size = whole.size() + 1; size < two.size(); ++size)
      EXPECT_NE(refusal(two.substr(0, size)), "no error") << compression << " " << size;
  }
}

TEST(Decompressors, RefuseCorruptStreams) {
  for (const std::string compression : test::kCompressions) {
    std::string bytes = compressed(long_text(), compression);
    if (compression == "zstd")
      bytes[6] |= 0x06;  // the first block's type: there is no checksum over what follows
    else
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x57);
    EXPECT_THAT(refusal(bytes), HasSubstr("corrupt")) << compression;
  }
}

TEST(Decompressors, RefuseOtherBytesBehindAStream) {
  for (const char* compression : test::kCompressions) {
    const std::string whole = compressed("text", compression);
    for (const std::string behind :
         {"x", "\x1fx", "no stream but text that is longer than any header would be"})
      EXPECT_NE(refusal(whole + behind), "no error") << compression;
  }
  EXPECT_THAT(refusal(compressed("text", "gzip") + "\x1fxyz"),
              HasSubstr("bytes that are no gzip member follow"));
  EXPECT_THAT(refusal(compressed("text", "gzip") + "xyz"), HasSubstr("bytes that are no gzip member follow"));
  EXPECT_THAT(refusal(compressed("text", "zstd") + "text"), HasSubstr("bytes that are no zstd frame follow"));
  EXPECT_THAT(refusal(compressed("text", "bzip2") + "text"),
              HasSubstr("bytes that are no compressed stream follow"));
}

TEST(Decompressors, TakeZeroBytesBehindGzipForPadding) {
  const std::string one = compressed("one\n", "gzip");
  EXPECT_EQ(decompress(one + std::string(3, '\0')), "one\n");
  EXPECT_EQ(decompress(one + std::string(600'000, '\0')), "one\n");
  EXPECT_EQ(decompress(one + std::string(5, '\0') + one), "one\none\n");
  EXPECT_THAT(refusal(one + std::string(5, '\0') + "x"), HasSubstr("no gzip member"));
  EXPECT_EQ(decompress(compressed("one\n", "bzip2") + std::string(600'000, '\0')), "one\n");
}

TEST(Decompressors, PassOverSkippableFrames) {
  const std::string skippable("\x5a\x2a\x4d\x18\x03\0\0\0abc", 11);
  const std::string frame = compressed("text", "zstd");
  EXPECT_EQ(decompress(skippable + frame + skippable + frame), "texttext");
  EXPECT_EQ(decompress(skippable), "");
  EXPECT_THAT(refusal(skippable.substr(0, 10)), HasSubstr("ends too early"));
}

TEST(Decompressors, NameTheWindowThatIsTooLarge) {
  // Descriptor 0: no size, no checksum. Windows: 2^(10 + exponent), the exponent in the upper five bits.
  const auto frame = [](int exponent) {
    return std::string("\x28\xb5\x2f\xfd\0", 5) + static_cast<char>(exponent << 3) +
           std::string("\x01\0\0", 3);
  };
  EXPECT_EQ(decompress(frame(17)), "");
  EXPECT_THAT(refusal(frame(22)),
              HasSubstr("MiB, the most that fits here; compress it again without --long"));
}

TEST(Decompressors, ReadWhatTheirProgramsWrite) {
  const auto folder = test::shared("cases/corpus");
  CONCEPTUNE_REQUIRE(folder);
  for (const char* name : {"real_pzstd.jsonl.zst", "long31s.jsonl.zst", "zeros.jsonl.gz"}) {
    const std::string text = content_of(folder / name);
    EXPECT_TRUE(text.starts_with("{\"text\": \"Document number ")) << name;
    EXPECT_TRUE(text.ends_with("}\n")) << name;
  }
}

}  // namespace
}  // namespace conceptune
