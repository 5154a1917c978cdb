#include "conceptune/runtime/weights/weight_store.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "tests/runtime/weights/safetensors_bytes.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

class WeightStoreTest : public ::testing::Test {
 protected:
  std::shared_ptr<const WeightStore> open(const std::string& gguf) const {
    return WeightStore::open(folder_.write("tiny.gguf", gguf));
  }
  void expect_refused(const std::string& gguf, std::string_view problem) const {
    try {
      open(gguf);
      ADD_FAILURE() << "accepted; expected: " << problem;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("tiny.gguf"));
      EXPECT_THAT(error.what(), HasSubstr(std::string(problem)));
    }
  }

  test::TemporaryFolder folder_;
};

TEST_F(WeightStoreTest, OpensEachFamily) {
  for (const Family family : {Family::llama, Family::qwen2, Family::qwen3}) {
    const auto store = open(tiny_gguf(tiny_config(family)));
    EXPECT_EQ(store->tensors().size(), expected_tensors(tiny_config(family)).size());
    EXPECT_EQ(store->load("model.layers.1.mlp.up_proj.weight").sizes(), (at::IntArrayRef{10, 12}));
  }
}

TEST_F(WeightStoreTest, UndoesLlamaCppsRowOrderOfQueries) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  const at::Tensor q = store->load("model.layers.0.self_attn.q_proj.weight");
  // Head 1 (rows 6 to 11) lies in the file as rows 6, 9, 7, 10, 8, 11; row r there begins with 12 r.
  const std::vector<std::int64_t> file_rows = {6, 8, 10, 7, 9, 11};
  for (std::int64_t i = 0; i < 6; ++i)
    EXPECT_EQ(q[6 + i][0].item<float>(), static_cast<float>(12 * file_rows[static_cast<std::size_t>(i)]))
        << i;
  EXPECT_EQ(store->load("model.layers.0.self_attn.v_proj.weight")[7][0].item<float>(), 12 * 7.0F);
}

TEST_F(WeightStoreTest, QwenRowsStayWhereTheyAre) {
  const auto store = open(tiny_gguf(tiny_config(Family::qwen2)));
  EXPECT_EQ(store->load("model.layers.0.self_attn.q_proj.weight")[7][0].item<float>(), 12 * 7.0F);
}

TEST_F(WeightStoreTest, ExpandedRowsEqualTheLoadedOnes) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  for (const char* name :
       {"model.layers.1.self_attn.k_proj.weight", "model.embed_tokens.weight", "model.norm.weight"}) {
    const at::Tensor whole = store->load(name);
    at::Tensor part = at::empty_like(whole.slice(0, 3, 8));
    store->expand_block(store->info(name), {3, 5, 0, whole.dim() == 2 ? whole.size(1) : 1},
                        part.data_ptr<float>());
    EXPECT_TRUE(at::equal(part, whole.slice(0, 3, 8))) << name;
  }
}

TEST_F(WeightStoreTest, ExpandsPartsOfRows) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  // The first lies in the file as it is, of the second llama.cpp interleaved the rows.
  for (const char* name : {"model.embed_tokens.weight", "model.layers.1.self_attn.q_proj.weight"}) {
    const std::int64_t unit = static_cast<std::int64_t>(kernels::layout_of(store->info(name).type).values);
    const at::Tensor whole = store->load(name);
    ASSERT_GE(whole.size(1), 2 * unit);
    at::Tensor part = at::empty({3, unit});
    store->expand_block(store->info(name), {2, 3, unit, unit}, part.data_ptr<float>());
    EXPECT_TRUE(at::equal(part, whole.slice(0, 2, 5).slice(1, unit, 2 * unit))) << name;
    at::Tensor halves = at::empty({3, unit}, at::kBFloat16);
    store->expand_block(store->info(name), {2, 3, unit, unit},
                        reinterpret_cast<std::uint16_t*>(halves.data_ptr<at::BFloat16>()));
    EXPECT_TRUE(at::equal(halves, part.to(at::kBFloat16))) << name;
  }
}

TEST_F(WeightStoreTest, LoadsInTheTypeAskedFor) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  const at::Tensor bf16 = store->load("model.norm.weight", at::kBFloat16);
  EXPECT_EQ(bf16.scalar_type(), at::kBFloat16);
  EXPECT_EQ(bf16[3].item<float>(), 3.0F);
}

TEST_F(WeightStoreTest, StoredBfloat16IsGivenAsItIs) {
  const auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  for (const TensorInfo& info : store->tensors()) {
    ASSERT_EQ(info.type, kernels::BlockType::bf16) << info.name;
    EXPECT_TRUE(at::equal(store->load(info.name, at::kBFloat16).to(at::kFloat), store->load(info.name)))
        << info.name;
  }
}

TEST(WeightStoreMapped, IsTheFileItselfWhereProductsCanReadIt) {
  const auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  int mapped = 0;
  for (const auto& info : store->tensors()) {
    const at::Tensor tensor = store->mapped(info.name);
    if (!tensor.defined()) continue;
    ++mapped;
    EXPECT_TRUE(at::equal(tensor.to(at::kFloat), store->load(info.name))) << info.name;
    EXPECT_EQ(tensor.data_ptr(), store->mapped(info.name).data_ptr());
  }
  EXPECT_GT(mapped, 0);
}

TEST(WeightStoreMapped, OutlivesTheStore) {
  auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  const auto& infos = store->tensors();
  const auto info = std::find_if(infos.begin(), infos.end(),
                                 [&](const TensorInfo& one) { return store->mapped(one.name).defined(); });
  ASSERT_NE(info, infos.end());
  const std::string name = info->name;
  const at::Tensor tensor = store->mapped(name), copy = store->load(name);
  store.reset();
  EXPECT_TRUE(at::equal(tensor.to(at::kFloat), copy));
}

/// A folder of a model whose head and embedding, of two tokens and two values, are both there.
class TiedHead : public WeightStoreTest {
 protected:
  std::string opened(std::string_view head, const Json& tied, std::string_view head_type = "BF16") {
    Json config = {{"model_type", "llama"},         {"hidden_size", 2},       {"intermediate_size", 1},
                   {"num_attention_heads", 1},      {"num_hidden_layers", 1}, {"vocab_size", 2},
                   {"max_position_embeddings", 64}, {"rope_theta", 10000.0},  {"tie_word_embeddings", tied}};
    folder_.write("config.json", config.dump());
    Json header = Json::object();
    std::string data;
    const auto add = [&](const std::string& name, const std::vector<std::int64_t>& shape,
                         std::string_view bytes, std::string_view type) {
      header[name] = {
          {"dtype", type}, {"shape", shape}, {"data_offsets", {data.size(), data.size() + bytes.size()}}};
      data += bytes;
    };
    ModelConfig sizes = config_from_json(config, "c");
    sizes.tied_head = true;
    for (const auto& [name, gguf_name, shape, interleaved] : expected_tensors(sizes)) {
      std::size_t bytes = 2;
      for (const auto size : shape) bytes *= static_cast<std::size_t>(size);
      add(name, shape, name == "model.embed_tokens.weight" ? "ABCDEFGH" : std::string(bytes, '\0'), "BF16");
    }
    if (!head.empty()) add("lm_head.weight", {2, 2}, head, head_type);
    folder_.write("model.safetensors", safetensors_bytes(header.dump(), data));
    try {
      return WeightStore::open(folder_.path())->config().tied_head ? "tied" : "untied";
    } catch (const InputError& error) {
      return error.what();
    }
  }
};

TEST_F(TiedHead, OfItsOwnMustBeTheEmbedding) {
  EXPECT_EQ(opened("", true), "tied");
  EXPECT_EQ(opened("ABCDEFGH", true), "tied");
  EXPECT_EQ(opened("ABCDEFGx", false), "untied");
  EXPECT_THAT(
      opened("ABCDEFGx", true),
      HasSubstr(
          "tensor 'lm_head.weight': differs from the embedding, though \"tie_word_embeddings\" is true"));
  EXPECT_THAT(opened("ABCDEFGHABCDEFGH", true, "F32"), HasSubstr("differs from the embedding"));
  EXPECT_THAT(opened("", false), HasSubstr("tensor 'lm_head.weight' is missing"));
}

TEST_F(WeightStoreTest, NamesAMissingTensor) {
  expect_refused(tiny_gguf(tiny_config(Family::llama), "model.layers.1.mlp.up_proj.weight"),
                 "tensor 'blk.1.ffn_up.weight' is missing, expected with shape [10, 12]");
}

TEST_F(WeightStoreTest, NamesAnExtraTensor) {
  const auto config = tiny_config(Family::llama);
  auto gguf = tiny_metadata(config);
  add_tiny_tensors(gguf, config);
  expect_refused(gguf.floats("blk.0.attn_q.bias", {24}, std::vector<float>(24)).content(),
                 "tensor 'blk.0.attn_q.bias': is none of a llama model with this configuration");
}

TEST_F(WeightStoreTest, NamesAMisshapenTensor) {
  const auto config = tiny_config(Family::llama);
  auto gguf = tiny_metadata(config);
  add_tiny_tensors(gguf, config, "model.norm.weight");
  expect_refused(gguf.floats("output_norm.weight", {13}, std::vector<float>(13)).content(),
                 "tensor 'output_norm.weight': shape is [13], expected [12]");
}

TEST_F(WeightStoreTest, RefusesTypesItCannotExpand) {
  auto config = tiny_config(Family::llama);
  config.width = 256;
  auto gguf = tiny_metadata(config);
  constexpr std::uint32_t kQ2K = 10;
  gguf.tensor("token_embd.weight", {9, 256}, kQ2K, std::string(9 * 84, '\0'));
  expect_refused(gguf.content(), "tensor 'token_embd.weight': type is Q2_K, expected one of: F32, F16");
}

TEST_F(WeightStoreTest, UnknownNamesAreErrors) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  EXPECT_FALSE(store->contains("lm_head.bias"));
  EXPECT_THROW(store->load("lm_head.bias"), InputError);
}

TEST_F(WeightStoreTest, HashIsThatOfTheFile) {
  const std::string content = tiny_gguf(tiny_config(Family::llama));
  EXPECT_EQ(open(content)->hash(), sha256_hex(content));
}

TEST_F(WeightStoreTest, SmolLm2IsExactToTheReference) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const auto store = WeightStore::open(path);
  EXPECT_EQ(store->config().layers, 30);
  EXPECT_TRUE(store->config().tied_head);
  EXPECT_EQ(store->tensors().size(), 272U);
  const Json golden =
      read_json_file(test::source("tests/reference/smollm2_weights.json"), "reading golden values");
  for (const auto& [name, digest] : golden.items()) {
    const at::Tensor values = store->load(name);
    EXPECT_EQ(sha256_hex({static_cast<const char*>(values.data_ptr()), values.nbytes()}), digest) << name;
  }
}

}  // namespace
}  // namespace conceptune::weights
