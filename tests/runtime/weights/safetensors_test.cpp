#include "conceptune/runtime/weights/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/weights/safetensors_bytes.h"
#include "tests/support/matrices.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

SafetensorsFile parse(const std::string& bytes) { return {std::as_bytes(std::span(bytes)), "m.safetensors"}; }

void expect_refused(const std::string& bytes, std::string_view problem) {
  try {
    parse(bytes);
    ADD_FAILURE() << "accepted; expected: " << problem;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("m.safetensors"));
    EXPECT_THAT(error.what(), HasSubstr(std::string(problem)));
  }
}

TEST(Safetensors, GivesTensorsInTheOrderOfTheirBytes) {
  const std::string bytes = safetensors_bytes(
      R"({"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},"__metadata__":{"format":"pt"},)"
      R"("a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"empty":{"dtype":"F32","shape":[0],"data_offsets":[7,7]}}  )",
      std::string_view("\x80\x3f\x00\xc0\x01\x02\x03", 7));
  const SafetensorsFile file = parse(bytes);
  ASSERT_EQ(file.size(), 3U);
  EXPECT_EQ(file.tensors()[0].name, "a");
  EXPECT_EQ(file.tensors()[0].type, "BF16");
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_TRUE(test::equal(file.load("a"), test::matrix_of({{1}, {-2}})));
  EXPECT_EQ(file.tensor("b").shape, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(file.tensor("b").bytes.back(), std::byte(3));
  EXPECT_EQ(file.load("empty").size(), 0);
  EXPECT_FALSE(file.contains("c"));
  EXPECT_THROW(file.load("c"), InputError);
}

TEST(Safetensors, ReadsFromDisk) {
  const test::TemporaryFolder folder;
  const SafetensorsFile file(folder.write(
      "m.safetensors",
      safetensors_bytes(R"({"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}})", "\x01\x3c")));
  EXPECT_TRUE(test::equal(file.load("a"), test::matrix_of({{1.0F + 0x1p-10F}})));
}

TEST(Safetensors, LoadsVectorsAndMatricesOfFloatingTypesAlone) {
  const std::string bytes =
      safetensors_bytes(R"({"byte":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                        R"("double":{"dtype":"F64","shape":[1],"data_offsets":[4,12]},)"
                        R"("scalar":{"dtype":"F32","shape":[],"data_offsets":[12,16]},)"
                        R"("cube":{"dtype":"F32","shape":[1,1,1],"data_offsets":[16,20]}})",
                        std::string(20, '\0'));
  const SafetensorsFile file = parse(bytes);
  const auto refusal = [&](const char* name) { return test::refusal_of([&] { file.load(name); }); };
  EXPECT_EQ(refusal("byte"),
            "reading safetensors: m.safetensors, tensor 'byte': type U8 cannot be loaded, expected F32, F16 "
            "or BF16");
  EXPECT_THAT(refusal("double"), HasSubstr("type F64 cannot be loaded"));
  EXPECT_THAT(refusal("scalar"),
              HasSubstr("tensor 'scalar': has 0 dimensions, expected a vector or a matrix"));
  EXPECT_THAT(refusal("cube"), HasSubstr("has 3 dimensions"));
}

TEST(Safetensors, RefusesLyingLengths) {
  expect_refused("", "byte 0: expected a header length of 8 bytes");
  expect_refused(std::string(7, '\0'), "expected a header length of 8 bytes");
  expect_refused(std::string(8, '\xff'), "header length is 18446744073709551615, expected at most 0");
  std::string longer = safetensors_bytes("{}");
  longer[0] = 3;
  expect_refused(longer, "header length is 3, expected at most 2");
}

TEST(Safetensors, RefusesAHeaderBeyondTheFormatsLimit) {
  std::string bytes(SafetensorsFile::kMaxHeaderBytes + 9, ' ');
  const std::uint64_t length = SafetensorsFile::kMaxHeaderBytes + 1;
  bytes.replace(0, 8, reinterpret_cast<const char*>(&length), 8);
  expect_refused(bytes, "expected at most 100000000");
}

TEST(Safetensors, RefusesMalformedHeaders) {
  expect_refused(safetensors_bytes(" {}"), "byte 8: expected '{'");
  expect_refused(safetensors_bytes("[]"), "byte 8: expected '{'");
  expect_refused(safetensors_bytes(""), "byte 8: expected '{'");
  expect_refused(safetensors_bytes("{\"a\":"), "header: ");
  expect_refused(safetensors_bytes("{\"\xff\":1}"), "header: ");
  expect_refused(safetensors_bytes("{\"a\":" + std::string(100000, '[')), "header: ");
  expect_refused(safetensors_bytes(R"({"a":1})"), "tensor 'a': expected an object");
  expect_refused(safetensors_bytes(R"({"__metadata__":{"a":1}})"), "'a': expected a string");
  expect_refused(safetensors_bytes(R"({"__metadata__":{"a":"1","a":"2"}})"), "'a' stands there twice");
}

TEST(Safetensors, RefusesDuplicates) {
  const std::string tensor = R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  expect_refused(safetensors_bytes("{" + tensor + "," + tensor + "}", "x"),
                 "tensor 'a': stands in the header twice");
  expect_refused(
      safetensors_bytes(R"({"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}})", "x"),
      "tensor 'a': \"shape\" stands there twice");
}

TEST(Safetensors, RefusesWhatTheShapeContradicts) {
  const auto one = [](std::string_view type, std::string_view shape, std::string_view offsets) {
    return safetensors_bytes("{\"a\":{\"dtype\":" + std::string(type) + ",\"shape\":" + std::string(shape) +
                                 ",\"data_offsets\":" + std::string(offsets) + "}}",
                             "12345678");
  };
  expect_refused(one("\"F32\"", "[3]", "[0,8]"),
                 "tensor 'a': takes 8 bytes, expected 12 of its shape and type");
  expect_refused(one("\"F32\"", "[4611686018427387904,4]", "[0,8]"), "its shape overflows");
  expect_refused(one("\"F32\"", "[-2]", "[0,8]"), "expected sizes of at least 0");
  expect_refused(one("\"F32\"", "[18446744073709551615]", "[0,8]"), "expected sizes of at least 0");
  expect_refused(one("\"F32\"", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", "[0,8]"), "more than 16 dimensions");
  expect_refused(one("\"F32\"", "2", "[0,8]"), "expected an array \"shape\"");
  expect_refused(one("\"Q4_0\"", "[2]", "[0,8]"), "unknown type 'Q4_0'");
  expect_refused(one("7", "[2]", "[0,8]"), "expected a string \"dtype\"");
  expect_refused(one("\"F32\"", "[2]", "[0,9]"), "lies at [0, 9), expected within 8 bytes of data");
  expect_refused(one("\"F32\"", "[2]", "[8,0]"), "lies at [8, 0)");
  expect_refused(one("\"F32\"", "[2]", "[0,8,8]"), "expected two numbers \"data_offsets\"");
  expect_refused(one("\"F32\"", "[2]", "[0,-8]"), "expected two numbers \"data_offsets\"");
}

TEST(Safetensors, RefusesGapsOverlapsAndLeftovers) {
  const auto two = [](int begin, int end, std::string_view data) {
    return safetensors_bytes(
        R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],)"
        "\"data_offsets\":[" +
            std::to_string(begin) + "," + std::to_string(end) + "]}}",
        data);
  };
  EXPECT_EQ(parse(two(2, 4, "1234")).size(), 2U);
  expect_refused(two(1, 3, "123"), "tensor 'b': begins at byte 1 of the data, expected 2");
  expect_refused(two(3, 5, "12345"), "tensor 'b': begins at byte 3 of the data, expected 2");
  expect_refused(two(0, 2, "12"), "begins at byte 0 of the data, expected 2");
  expect_refused(two(2, 4, "12345"), "data: 1 bytes belong to no tensor");
}

}  // namespace
}  // namespace conceptune::weights
