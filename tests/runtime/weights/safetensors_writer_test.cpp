#include "conceptune/runtime/weights/safetensors_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "tests/support/matrices.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using Shape = std::vector<std::int64_t>;

SafetensorsOutput output(const std::string& name, const Shape& shape, const model::Matrix& values) {
  return {name, shape, [values] { return values; }};
}

TEST(SafetensorsWriter, WritesHeaderAndTensorsAsTheFormatSays) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  write_safetensors(path,
                    {output("m", {3, 2}, test::matrix_of({{1, 4}, {2, 5}, {3, 6}})),
                     output("b", {1}, test::matrix_of({{1.5F}}))},
                    StoredType::bf16, {{"format", "pt"}});
  const std::string bytes = read_file(path, "testing");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  EXPECT_EQ(header_bytes % 8, 0U);
  const Json header = parse_json(bytes.substr(8, header_bytes), "testing", "header");
  EXPECT_EQ(header["__metadata__"]["format"], "pt");
  EXPECT_EQ(header["m"]["shape"], Json::array({3, 2}));
  EXPECT_EQ(header["m"]["dtype"], "BF16");
  EXPECT_EQ(header["m"]["data_offsets"], Json::array({0, 12}));
  EXPECT_EQ(header["b"]["shape"], Json::array({1}));
  EXPECT_EQ(header["b"]["data_offsets"], Json::array({12, 14}));
  EXPECT_EQ(bytes.size(), 8 + header_bytes + 14);
  EXPECT_EQ(bytes.substr(8 + header_bytes + 2, 2), std::string("\x80\x40")) << "4, after the 1 in its row";
}

TEST(SafetensorsWriter, MatricesComeBackAsTheirTypeHoldsThem) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  const model::Matrix values = test::matrix_of({{1.0F + 0x1p-12F, -3}, {70000, 0.1F}});
  const auto written = [&](StoredType type) {
    write_safetensors(path, {output("x", {2, 2}, values)}, type);
    return SafetensorsFile(path).load("x");
  };
  EXPECT_TRUE(test::equal(written(StoredType::f32), values));
  EXPECT_TRUE(
      test::equal(written(StoredType::f16), test::matrix_of({{1, -3}, {HUGE_VALF, 0.0999755859375F}})));
  EXPECT_TRUE(test::equal(written(StoredType::bf16), test::matrix_of({{1, -3}, {70144, 0.10009765625F}})));
}

TEST(SafetensorsWriter, NamedMatricesAreFloat32) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  const model::Matrix values = test::random_matrix(3, 2);
  write_safetensors(path, std::vector<NamedMatrix>{{"m", values}, {"n", model::rows_of(values, 2, 1)}});
  const SafetensorsFile file(path);
  EXPECT_EQ(file.tensor("n").type, "F32");
  EXPECT_EQ(file.tensor("n").shape, (Shape{1, 2}));
  EXPECT_TRUE(test::equal(file.load("m"), values));
}

TEST(SafetensorsWriter, AsksForTensorsWhenTheirTurnComes) {
  const test::TemporaryFolder folder;
  std::string order;
  const auto noted = [&](const std::string& name) {
    return SafetensorsOutput{name, {1}, [&order, name] {
                               order += name;
                               return test::filled(1, 1, 0);
                             }};
  };
  write_safetensors(folder.path() / "a.safetensors", {noted("z"), noted("a")}, StoredType::f16);
  EXPECT_EQ(order, "za");
}

TEST(SafetensorsWriter, RefusesNamesTwice) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  const model::Matrix zeros = test::filled(1, 2, 0);
  EXPECT_THROW(write_safetensors(path, std::vector<NamedMatrix>{{"x", zeros}, {"x", zeros}}), InputError);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace conceptune::weights
