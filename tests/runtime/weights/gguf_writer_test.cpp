// Written files read back: metadata, values within what the storage can hold, q8_0 as llama.cpp rounds it.
#include "conceptune/runtime/weights/gguf_writer.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/kernels/block_type.h"
#include "conceptune/runtime/kernels/dequantise.h"
#include "tests/runtime/weights/half_precision.h"
#include "tests/support/inputs.h"
#include "tests/support/matrices.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

class GgufWriting : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(source_path_)) GTEST_SKIP() << "needs " << source_path_.string();
    std::fill_n(matrix_.row(1), matrix_.width(), 0.0F);  // a block of zeros has scale 0
  }

  std::filesystem::path write(GgufStorage storage) {
    const auto path = folder_.path() / "out.gguf";
    const auto output = [](const char* name, const std::vector<std::int64_t>& shape,
                           const model::Matrix& values) {
      return GgufOutput{name, shape, [values] { return values; }};
    };
    write_gguf(
        path, GgufFile(source_path_).metadata(),
        {output("vector", {7}, vector_), output("matrix", {3, 64}, matrix_), output("odd", {2, 5}, odd_)},
        storage);
    return path;
  }

  static model::Matrix expanded(const GgufTensor& tensor, const model::Matrix& like) {
    const model::Matrix values(like.rows(), like.width());
    kernels::dequantise(*kernels::block_type_named(tensor.type->name), tensor.bytes.data(),
                        static_cast<std::size_t>(values.size()), values.values());
    return values;
  }

  std::filesystem::path source_path_ = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  test::TemporaryFolder folder_;
  model::Matrix matrix_ = test::random_matrix(3, 64), odd_ = test::random_matrix(2, 5),
                vector_ = test::random_matrix(1, 7);
};

TEST_F(GgufWriting, KeepsMetadataButTheFileType) {
  const GgufFile source(source_path_), written(write(GgufStorage::q8_0));
  EXPECT_EQ(written.integer("general.file_type"), 7);
  EXPECT_EQ(written.string("general.architecture"), source.string("general.architecture"));
  EXPECT_EQ(*written.strings("tokenizer.ggml.tokens"), *source.strings("tokenizer.ggml.tokens"));
  EXPECT_EQ(written.integers("tokenizer.ggml.token_type"), source.integers("tokenizer.ggml.token_type"));
  EXPECT_GE(written.metadata().size(), source.metadata().size());
}

TEST_F(GgufWriting, Float32IsExactAndHalvesRound) {
  {
    const GgufFile written(write(GgufStorage::f32));
    EXPECT_EQ(written.tensors()[1].shape, (std::vector<std::int64_t>{64, 3}));
    EXPECT_TRUE(test::equal(expanded(written.tensors()[1], matrix_), matrix_));
  }
  {
    const GgufFile written(write(GgufStorage::bf16));
    EXPECT_STREQ(written.tensors()[1].type->name, "BF16");
    EXPECT_TRUE(test::equal(expanded(written.tensors()[1], matrix_), test::widened(test::rounded(matrix_))));
  }
  const GgufFile written(write(GgufStorage::f16));
  EXPECT_TRUE(test::equal(expanded(written.tensors()[0], vector_), vector_));
  EXPECT_TRUE(test::equal(expanded(written.tensors()[1], matrix_), test::in_half_precision(matrix_)));
}

TEST_F(GgufWriting, Q8HoldsEachBlockWithinHalfAStepOfItsScale) {
  const GgufFile written(write(GgufStorage::q8_0));
  EXPECT_STREQ(written.tensors()[1].type->name, "Q8_0");
  EXPECT_STREQ(written.tensors()[2].type->name, "F16");  // rows of five values make no block
  const model::Matrix actual = expanded(written.tensors()[1], matrix_);
  for (std::int64_t block = 0; block < 6; ++block) {
    double error = 0, largest = 0;
    for (std::int64_t i = 32 * block; i < 32 * (block + 1); ++i) {
      const double value = matrix_.values()[i];
      error = std::max(error, std::abs(actual.values()[i] - value));
      largest = std::max(largest, std::abs(value));
    }
    // Half a step, and the scale itself is rounded to half precision.
    EXPECT_LE(error, largest * (0.5 / 127 + 1.0 / 2048) + 1e-9) << "block " << block;
  }
}

}  // namespace
}  // namespace conceptune::weights
