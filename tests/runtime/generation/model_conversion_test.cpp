// A model written in the other format is the same model, tensors and tokenizer alike.
#include "conceptune/runtime/generation/model_conversion.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "conceptune/base/file.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/model_files.h"
#include "tests/runtime/model/in_llama_cpp.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"
#include "tests/support/matrices.h"
#include "tests/support/peer_python.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::generation {
namespace {

namespace fs = std::filesystem;
using model::MergedType;
using testing::HasSubstr;
using weights::WeightStore;

constexpr const char* kTokenizer = R"({
  "added_tokens": [{"id": 3, "content": "<end>", "special": true}],
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
  "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 4}, "merges": ["a b"]}})";

/// A model of that family with a small tokenizer.
fs::path family_in(const fs::path& folder, const char* family) {
  fs::create_directories(folder);
  for (const char* name : {"config.json", "model.safetensors"})
    fs::copy_file(test::source("tests/reference/model") / family / name, folder / name);
  write_file_atomically(folder / "tokenizer.json", kTokenizer);
  return folder;
}

void convert(const fs::path& from, MergedType type, const fs::path& to) {
  const auto store = WeightStore::open(from);
  check_model_output(from, type, to);
  write_model(
      from, *store, [store](std::string_view name) { return store->load(name); }, type, to);
}

void expect_equal_bytes(const fs::path& folder, const fs::path& expected) {
  const weights::SafetensorsFile a(folder / "model.safetensors"), b(expected / "model.safetensors");
  const auto expected_store = WeightStore::open(expected);
  for (const auto& tensor : expected_store->tensors()) {
    const model::Matrix found = a.load(tensor.name), wanted = b.load(tensor.name);
    ASSERT_EQ(found.size(), wanted.size()) << tensor.name;
    EXPECT_EQ(
        std::memcmp(found.values(), wanted.values(), static_cast<std::size_t>(found.size()) * sizeof(float)),
        0)
        << tensor.name;
  }
}

class ModelConversion : public testing::TestWithParam<const char*> {};

TEST_P(ModelConversion, GivesTheFolderBackThroughAGguf) {
  const test::TemporaryFolder folder;
  const fs::path base = family_in(folder.path() / "base", GetParam()), gguf = folder.path() / "a.gguf",
                 back = folder.path() / "back";
  convert(base, MergedType::float32, gguf);
  convert(gguf, MergedType::float32, back);
  expect_equal_bytes(back, base);
  const auto original = WeightStore::open(base), in_gguf = WeightStore::open(gguf),
             in_folder = WeightStore::open(back);
  for (const auto& tensor : original->tensors())
    EXPECT_TRUE(test::equal(in_gguf->load(tensor.name), original->load(tensor.name))) << tensor.name;
  EXPECT_EQ(in_folder->config().rope_base, original->config().rope_base);
  ASSERT_EQ(in_folder->config().rope_scaling.has_value(), original->config().rope_scaling.has_value());
  if (const auto& scaling = original->config().rope_scaling) {
    EXPECT_EQ(in_folder->config().rope_scaling->factor, scaling->factor);
    EXPECT_EQ(in_folder->config().rope_scaling->original_context, scaling->original_context);
  }
  for (const auto& model : {gguf, back})
    EXPECT_EQ(tokenizer::Tokenizer::load(model)->encode_ids("ab ba<end>", true),
              (std::vector<std::int32_t>{2, 4, 1, 0, 3}));
}

INSTANTIATE_TEST_SUITE_P(Families, ModelConversion,
                         testing::Values("llama2", "llama3", "qwen2", "qwen3", "falcon3"));

TEST(ModelConversionTypes, RoundOnce) {
  const test::TemporaryFolder folder;
  const fs::path base = family_in(folder.path() / "base", "llama2"), gguf = folder.path() / "a.gguf";
  convert(base, MergedType::bfloat16, folder.path() / "rounded");
  convert(folder.path() / "rounded", MergedType::bfloat16, gguf);
  convert(gguf, MergedType::bfloat16, folder.path() / "back");
  expect_equal_bytes(folder.path() / "back", folder.path() / "rounded");
  EXPECT_EQ(read_json_file(folder.path() / "back" / "config.json", "testing")["torch_dtype"], "bfloat16");
  convert(base, MergedType::q8_0, folder.path() / "q8.gguf");
  EXPECT_STREQ(GgufFile(folder.path() / "q8.gguf").tensors()[1].type->name, "F32");
  EXPECT_STREQ(GgufFile(folder.path() / "q8.gguf").tensors()[2].type->name, "Q8_0");
}

TEST(ModelConversionOutput, IsCheckedBeforeAnythingIsComputed) {
  const test::TemporaryFolder folder;
  const fs::path base = family_in(folder.path() / "base", "llama2");
  const auto refusal = [&](MergedType type, const fs::path& output) {
    return test::refusal_of([&] { check_model_output(base, type, output); });
  };
  EXPECT_EQ(refusal(MergedType::q8_0, folder.path() / "a.gguf"), "no error");
  EXPECT_THAT(refusal(MergedType::q8_0, folder.path() / "a"),
              HasSubstr("expected f32, f16 or bf16 in a folder"));
  EXPECT_THAT(refusal(MergedType::float16, base), HasSubstr("base"));
  write_file_atomically(base / "tokenizer.json", "{}");
  EXPECT_THAT(refusal(MergedType::float16, folder.path() / "a.gguf"), HasSubstr("tokenizer.json"));
  EXPECT_EQ(refusal(MergedType::float16, folder.path() / "a"), "no error");  // copied as it is
}

TEST(ModelConversionReference, IsWhatThePackageGgufExpects) {
  CONCEPTUNE_REQUIRE_PEER_PACKAGE("gguf");
  for (const char* family : {"llama2", "llama3", "qwen2", "qwen3"}) {
    const test::TemporaryFolder folder;
    const fs::path base = family_in(folder.path() / "base", family);
    convert(base, MergedType::float32, folder.path() / "a.gguf");
    EXPECT_TRUE(test::run_peer_script(
        "check_gguf_model.py", fmt::format("{} {}", (folder.path() / "a.gguf").string(), base.string())))
        << family;
  }
}

TEST(ModelConversionReference, LoadsInTransformers) {
  CONCEPTUNE_REQUIRE_PEER_PYTHON();
  const fs::path gguf = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(gguf);
  const test::TemporaryFolder folder;
  convert(gguf, MergedType::float32, folder.path() / "model");
  const auto store = WeightStore::open(gguf);
  const auto tokenizer = tokenizer::Tokenizer::load(gguf);
  const std::string text = "In 1924 they walked 3,5 km; naïve? <|im_end|>\n";
  const auto ids = tokenizer->encode_ids(text, true);
  model::PackedBatch batch;
  batch.append(ids);
  const model::Decoder decoder(store);
  const model::Matrix logits_NV = decoder.project(decoder.forward(batch));
  const fs::path expected = folder.path() / "expected.safetensors";
  test::write_expected(expected, batch, logits_NV);
  write_file_atomically(folder.path() / "text.json", to_json_text({{"text", text}, {"ids", ids}}));
  EXPECT_TRUE(test::run_peer_script(
      "check_in_peer.py", fmt::format("model {} {}", (folder.path() / "model").string(), expected.string())));
  EXPECT_TRUE(test::run_peer_script(
      "check_folder_tokenizer.py",
      fmt::format("{} {}", (folder.path() / "model").string(), (folder.path() / "text.json").string())));
}

TEST(ModelConversionReference, RunsInLlamaCppWithAnAdapter) {
  CONCEPTUNE_REQUIRE_PEER_PACKAGE("llama_cpp");
  const test::TemporaryFolder folder;
  fs::create_directories(folder.path() / "tiny");
  test::write_tiny_model(folder.path() / "tiny");
  convert(folder.path() / "tiny", MergedType::float32, folder.path() / "tiny.gguf");
  const fs::path gguf = folder.path() / "tiny.gguf";
  const auto adapter =
      test::random_adapter(WeightStore::open(gguf)->config(), {.rank = 4, .alpha = 8, .targets = {"all"}});
  const auto tokens = tokenizer::Tokenizer::load(gguf)->encode_ids(" the big dog walked near the old house");
  EXPECT_TRUE(test::runs_alike_in_llama_cpp(gguf, *adapter, tokens, "1e-3"));
}

}  // namespace
}  // namespace conceptune::generation
