#include "conceptune/runtime/weights/weight_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/matrices/matrix_reader.h"
#include "conceptune/runtime/weights/safetensors_writer.h"
#include "tests/runtime/weights/safetensors_bytes.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/inputs.h"
#include "tests/support/matrices.h"
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
    const model::Matrix up_OI = store->load("model.layers.1.mlp.up_proj.weight");
    EXPECT_EQ(up_OI.rows(), 10);
    EXPECT_EQ(up_OI.width(), 12);
  }
}

TEST_F(WeightStoreTest, UndoesLlamaCppsRowOrderOfQueries) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  const model::Matrix q = store->load("model.layers.0.self_attn.q_proj.weight");
  // Head 1 (rows 6 to 11) lies in the file as rows 6, 9, 7, 10, 8, 11; row r there begins with 12 r.
  const std::vector<std::int64_t> file_rows = {6, 8, 10, 7, 9, 11};
  for (std::int64_t i = 0; i < 6; ++i)
    EXPECT_EQ(q.row(6 + i)[0], static_cast<float>(12 * file_rows[static_cast<std::size_t>(i)])) << i;
  EXPECT_EQ(store->load("model.layers.0.self_attn.v_proj.weight").row(7)[0], 12 * 7.0F);
}

TEST_F(WeightStoreTest, QwenRowsStayWhereTheyAre) {
  const auto store = open(tiny_gguf(tiny_config(Family::qwen2)));
  EXPECT_EQ(store->load("model.layers.0.self_attn.q_proj.weight").row(7)[0], 12 * 7.0F);
}

TEST_F(WeightStoreTest, ExpandedRowsEqualTheLoadedOnes) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  for (const char* name :
       {"model.layers.1.self_attn.k_proj.weight", "model.embed_tokens.weight", "model.norm.weight"}) {
    model::Matrix whole = store->load(name);
    if (whole.rows() == 1) whole = {whole.values(), whole.width(), 1, std::make_shared<model::Matrix>(whole)};
    const model::Matrix part(5, whole.width());
    store->expand_block(store->info(name), {3, 5, 0, whole.width()}, part.values());
    EXPECT_TRUE(test::equal(part, model::rows_of(whole, 3, 5))) << name;
  }
}

TEST_F(WeightStoreTest, ExpandsPartsOfRows) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  // The first lies in the file as it is, of the second llama.cpp interleaved the rows.
  for (const char* name : {"model.embed_tokens.weight", "model.layers.1.self_attn.q_proj.weight"}) {
    const std::int64_t unit = static_cast<std::int64_t>(kernels::layout_of(store->info(name).type).values);
    const model::Matrix whole = store->load(name), part(3, unit);
    ASSERT_GE(whole.width(), 2 * unit);
    store->expand_block(store->info(name), {2, 3, unit, unit}, part.values());
    for (std::int64_t row = 0; row < 3; ++row)
      EXPECT_TRUE(std::equal(part.row(row), part.row(row) + unit, whole.row(2 + row) + unit)) << name;
    const model::Bf16Matrix halves(3, unit);
    store->expand_block(store->info(name), {2, 3, unit, unit}, halves.values());
    EXPECT_EQ(test::values_of(halves), test::values_of(test::rounded(part))) << name;
  }
}

TEST_F(WeightStoreTest, LoadsRounded) {
  const auto store = open(tiny_gguf(tiny_config(Family::llama)));
  for (const TensorInfo& info : store->tensors())
    EXPECT_EQ(test::values_of(store->load_rounded(info.name)),
              test::values_of(test::rounded(store->load(info.name))))
        << info.name;
}

TEST_F(WeightStoreTest, StoredBfloat16IsGivenAsItIs) {
  const auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  for (const TensorInfo& info : store->tensors()) {
    ASSERT_EQ(info.type, kernels::BlockType::bf16) << info.name;
    EXPECT_TRUE(test::equal(test::widened(store->load_rounded(info.name)), store->load(info.name)))
        << info.name;
  }
}

/// Where products read a matrix in bfloat16.
const kernels::Bf16* place_of(const model::FrozenMatrix& matrix) {
  return model::MatrixReader(matrix, model::Direction::backward).part<kernels::Bf16>({0, 1}, {0, 1}).values;
}

TEST(WeightStoreMapped, IsTheFileItselfWhereProductsCanReadIt) {
  const auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  int mapped = 0;
  for (const auto& info : store->tensors()) {
    const auto matrix = store->mapped(info.name), again = store->mapped(info.name);
    if (!matrix) continue;
    ++mapped;
    EXPECT_TRUE(test::equal(matrix->whole(), store->load(info.name))) << info.name;
    EXPECT_EQ(place_of(*matrix), place_of(*again)) << "read where it lies";
  }
  EXPECT_GT(mapped, 0);
}

TEST(WeightStoreMapped, OutlivesTheStore) {
  auto store = WeightStore::open(test::source("tests/reference/model/llama3"));
  const auto& infos = store->tensors();
  const auto info = std::find_if(infos.begin(), infos.end(),
                                 [&](const TensorInfo& one) { return store->mapped(one.name).has_value(); });
  ASSERT_NE(info, infos.end());
  const model::FrozenMatrix matrix = *store->mapped(info->name);
  const model::Matrix copy = store->load(info->name);
  store.reset();
  EXPECT_TRUE(test::equal(matrix.whole(), copy));
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
    const model::Matrix values = store->load(name);
    EXPECT_EQ(sha256_hex(stored_bytes(values, StoredType::f32)), digest.get<std::string>()) << name;
  }
}

}  // namespace
}  // namespace conceptune::weights
