// Written files read back: metadata, values within what the storage can hold, q8_0 as llama.cpp rounds it.
#include "conceptune/runtime/weights/gguf_writer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "conceptune/runtime/kernels/block_type.h"
#include "conceptune/runtime/kernels/dequantise.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

class GgufWriting : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(source_path_)) GTEST_SKIP() << "needs " << source_path_.string();
    at::manual_seed(1);
    matrix_ = at::randn({3, 64});
    matrix_[1].zero_();  // a block of zeros has scale 0
    odd_ = at::randn({2, 5});
    vector_ = at::randn({7});
  }

  std::filesystem::path write(GgufStorage storage) {
    const auto path = folder_.path() / "out.gguf";
    const auto output = [](const char* name, const at::Tensor& values) {
      return GgufOutput{name, values.sizes().vec(), [values] { return values; }};
    };
    write_gguf(path, GgufFile(source_path_).metadata(),
               {output("vector", vector_), output("matrix", matrix_), output("odd", odd_)}, storage);
    return path;
  }

  static at::Tensor expanded(const GgufTensor& tensor, const at::Tensor& like) {
    at::Tensor values = at::empty_like(like);
    kernels::dequantise(*kernels::block_type_named(tensor.type->name), tensor.bytes.data(),
                        static_cast<std::size_t>(values.numel()), values.data_ptr<float>());
    return values;
  }

  std::filesystem::path source_path_ = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  test::TemporaryFolder folder_;
  at::Tensor matrix_, odd_, vector_;
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
    EXPECT_TRUE(at::equal(expanded(written.tensors()[1], matrix_), matrix_));
  }
  {
    const GgufFile written(write(GgufStorage::bf16));
    EXPECT_STREQ(written.tensors()[1].type->name, "BF16");
    EXPECT_TRUE(at::equal(expanded(written.tensors()[1], matrix_), matrix_.to(at::kBFloat16).to(at::kFloat)));
  }
  const GgufFile written(write(GgufStorage::f16));
  EXPECT_TRUE(at::equal(expanded(written.tensors()[0], vector_), vector_));
  EXPECT_TRUE(at::equal(expanded(written.tensors()[1], matrix_), matrix_.to(at::kHalf).to(at::kFloat)));
}

TEST_F(GgufWriting, Q8HoldsEachBlockWithinHalfAStepOfItsScale) {
  const GgufFile written(write(GgufStorage::q8_0));
  EXPECT_STREQ(written.tensors()[1].type->name, "Q8_0");
  EXPECT_STREQ(written.tensors()[2].type->name, "F16");  // rows of five values make no block
  const at::Tensor error = (expanded(written.tensors()[1], matrix_) - matrix_).abs().view({6, 32}).amax(1);
  const at::Tensor largest = matrix_.abs().view({6, 32}).amax(1);
  // Half a step, and the scale itself is rounded to half precision.
  EXPECT_TRUE((error <= largest * (0.5 / 127 + 1.0 / 2048) + 1e-9).all().item<bool>());
}

}  // namespace
}  // namespace conceptune::weights
