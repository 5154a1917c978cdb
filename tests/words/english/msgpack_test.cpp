#include "conceptune/words/english/msgpack.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::words {
namespace {

using namespace std::string_literals;

TEST(Msgpack, DecodesEveryWidth) {
  const std::string bytes =
      "\xdc\x00\x10\x07\xff\xcc\xfe\xcd\x01\x00\xce\x00\x01\x00\x00\xcf\xff\xff\xff\xff\xff\xff\xff\xff"
      "\xd0\x80\xd1\xff\x00\xd2\xff\xff\x00\x00\xd3\xff\xff\xff\xff\x00\x00\x00\x00\xca\x3f\x80\x00\x00"
      "\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00\xa1z\xd9\x01y\xc4\x02\x00\xff\xc0"s;
  const MsgpackValue value = decode_msgpack(bytes);
  const auto& items = value.array();
  ASSERT_EQ(items.size(), 16U);
  const std::vector<std::int64_t> expected = {7, -1, 254, 256, 65536};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(items[i].integer(), expected[i]);
  EXPECT_EQ(items[5].unsigned_integer(), UINT64_MAX);
  EXPECT_THROW(items[5].integer(), MalformedValue);
  EXPECT_EQ(items[6].integer(), -128);
  EXPECT_EQ(items[7].integer(), -256);
  EXPECT_EQ(items[8].integer(), -65536);
  EXPECT_EQ(items[9].integer(), -4294967296);
  EXPECT_THROW(items[9].unsigned_integer(), MalformedValue);
  EXPECT_THROW(items[10].integer(), MalformedValue);  // a float is no integer
  EXPECT_EQ(items[12].text(), "z");
  EXPECT_EQ(items[13].text(), "y");
  EXPECT_EQ(items[14].binary(), "\0\xff"s);
  EXPECT_TRUE(items[15].is_nil());
}

TEST(Msgpack, FindsValuesByStringBinaryAndIntegerKeys) {
  const std::string bytes = "\x83\xa1q\x01\xc4\x01r\x02\x41\x03"s;
  const MsgpackValue map = decode_msgpack(bytes);
  EXPECT_EQ(map.at("q").integer(), 1);
  EXPECT_EQ(map.at("r").integer(), 2);
  EXPECT_EQ(map.find(std::int64_t{65})->integer(), 3);
  EXPECT_EQ(map.find("s"), nullptr);
  EXPECT_THROW(map.at("s"), MalformedValue);
  EXPECT_THROW(map.array(), MalformedValue);
}

TEST(Msgpack, RefusesWhatIsTruncated) {
  const std::string whole =
      "\x82\xa3key\x93\x01\xcd\x01\x02\xc4\x02zz\xa1n\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"s;
  ASSERT_NO_THROW(decode_msgpack(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(decode_msgpack(std::string_view(whole).substr(0, size)), MalformedValue) << size;
  EXPECT_THROW(decode_msgpack(whole + "\x01"), MalformedValue);
}

TEST(Msgpack, RefusesWhatLies) {
  EXPECT_THROW(decode_msgpack("\xdd\xff\xff\xff\xff\x01"s), MalformedValue);      // an array of 4 billion
  EXPECT_THROW(decode_msgpack("\xdf\xff\xff\xff\xff\x01\x02"s), MalformedValue);  // a map of 4 billion
  EXPECT_THROW(decode_msgpack("\xc6\xff\xff\xff\xff\x01"s), MalformedValue);      // 4 GiB of bytes
  EXPECT_THROW(decode_msgpack(std::string(100'000, '\x91')), MalformedValue);     // arrays in arrays
  EXPECT_THROW(decode_msgpack("\xa1\xff"s), MalformedValue);                      // text that is not UTF-8
  EXPECT_THROW(decode_msgpack("\xd4\x01\x01"s), MalformedValue);                  // an extension type
  EXPECT_THROW(decode_msgpack("\xc1"s), MalformedValue);
}

TEST(Msgpack, NamesTheFileThatIsMalformed) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("broken", "\xa3no");
  try {
    read_msgpack_file(file, "reading", [](const MsgpackValue&) {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), "reading: " + file.string() + ": byte 1: the file ends in the middle of a value");
  }
}

}  // namespace
}  // namespace conceptune::words
