#include "conceptune/runtime/weights/safetensors_writer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

TEST(SafetensorsWriter, WritesHeaderAndTensorsAsTheFormatSays) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  const at::Tensor matrix = at::tensor({1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F}).view({2, 3});
  write_safetensors(path, {{"m", matrix.t()}, {"b", at::tensor({1.5F}).to(at::kBFloat16)}},
                    {{"format", "pt"}});
  const std::string bytes = read_file(path, "testing");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  EXPECT_EQ(header_bytes % 8, 0U);
  const Json header = parse_json(bytes.substr(8, header_bytes), "testing", "header");
  EXPECT_EQ(header["__metadata__"]["format"], "pt");
  EXPECT_EQ(header["m"]["shape"], Json::array({3, 2}));
  EXPECT_EQ(header["m"]["data_offsets"], Json::array({0, 24}));
  EXPECT_EQ(header["b"]["dtype"], "BF16");
  EXPECT_EQ(header["b"]["data_offsets"], Json::array({24, 26}));
  EXPECT_EQ(bytes.size(), 8 + header_bytes + 26);
  float second = 0;  // of the transposed matrix: row-major whatever the strides
  std::memcpy(&second, bytes.data() + 8 + header_bytes + 4, sizeof second);
  EXPECT_EQ(second, 4.0F);
}

TEST(SafetensorsWriter, RefusesTypesOfAnotherKindAndNamesTwice) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  EXPECT_THROW(write_safetensors(path, {{"x", at::zeros({2}, at::kBool)}}), InputError);
  EXPECT_THROW(write_safetensors(path, {{"x", at::zeros({2})}, {"x", at::zeros({2})}}), InputError);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace conceptune::weights
