#include "tests/support/tiny_model.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <vector>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/base/utf8.h"

namespace conceptune::test {
namespace {

const std::vector<std::string> kAdjectives = {"big",   "large", "huge",  "great", "small", "little",
                                              "quick", "fast",  "rapid", "happy", "glad",  "old"};
const std::vector<std::string> kNouns = {"dog",    "hound",   "cat",   "house",  "home", "building",
                                         "car",    "vehicle", "man",   "person", "city", "town",
                                         "street", "road",    "child", "kid"};
const std::vector<std::string> kVerbs = {"walked", "moved", "ran",    "went",
                                         "looked", "said",  "talked", "worked"};
const std::vector<std::string> kOthers = {"the", "a", "of", "in", "to", "and", "was", "near", "with", "then"};

constexpr int kWidth = 32, kLayers = 2, kHeads = 4, kKeyHeads = 2, kHeadSize = 8, kMlpWidth = 48;

/// The printable characters that stand for bytes in byte-level vocabularies (Radford et al., 2019).
std::vector<std::string> byte_characters() {
  std::vector<std::string> characters(256);
  char32_t substitute = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    append_utf8(characters[static_cast<std::size_t>(byte)],
                printable ? static_cast<char32_t>(byte) : substitute++);
  }
  return characters;
}

struct Vocabulary {
  Json ids = Json::object();
  Json merges = Json::array();

  void add(const std::string& token) {
    if (!ids.contains(token)) ids[token] = ids.size();
  }
  /// Merges that build " word" from the left, letter by letter.
  void add_word(const std::string& word, const std::string& space) {
    std::string prefix = space;
    for (const char letter : word) {
      const std::string longer = prefix + letter;
      if (!ids.contains(longer)) merges.push_back(prefix + " " + letter);
      add(longer);
      prefix = longer;
    }
  }
};

Vocabulary make_vocabulary() {
  Vocabulary vocabulary;
  vocabulary.add("<|endoftext|>");
  const auto bytes = byte_characters();
  for (const auto& character : bytes) vocabulary.add(character);
  for (const auto* words : {&kAdjectives, &kNouns, &kVerbs, &kOthers})
    for (const auto& word : *words) vocabulary.add_word(word, bytes[' ']);
  return vocabulary;
}

Json tokenizer_json(const Vocabulary& vocabulary) {
  const Json byte_level = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
  const Json end = {
      {"id", 0},         {"content", "<|endoftext|>"}, {"single_word", false}, {"lstrip", false},
      {"rstrip", false}, {"normalized", false},        {"special", true}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", Json::array({end})},
          {"normalizer", nullptr},
          {"pre_tokenizer", byte_level},
          {"post_processor", nullptr},
          {"decoder", byte_level},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"vocab", vocabulary.ids},
            {"merges", vocabulary.merges}}}};
}

Json config_json(std::size_t vocabulary) {
  return {{"architectures", {"LlamaForCausalLM"}},
          {"model_type", "llama"},
          {"hidden_act", "silu"},
          {"hidden_size", kWidth},
          {"num_hidden_layers", kLayers},
          {"num_attention_heads", kHeads},
          {"num_key_value_heads", kKeyHeads},
          {"head_dim", kHeadSize},
          {"intermediate_size", kMlpWidth},
          {"vocab_size", vocabulary},
          {"max_position_embeddings", 512},
          {"rope_theta", 10000.0},
          {"rms_norm_eps", 1e-5},
          {"tie_word_embeddings", true},
          {"attention_bias", false},
          {"torch_dtype", "float32"}};
}

class SafetensorsContent {
 public:
  explicit SafetensorsContent(std::uint64_t seed) : random_(seed) {}

  void add_matrix(const std::string& name, int rows, int columns) {
    std::vector<float> values(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (float& value : values) value = static_cast<float>(0.2 * random_.normal());
    add(name, Json::array({rows, columns}), values);
  }
  void add_ones(const std::string& name, int size) {
    add(name, Json::array({size}), std::vector<float>(static_cast<std::size_t>(size), 1.0F));
  }

  std::string text() const {
    const std::string header = to_json_text(header_);
    const std::uint64_t size = header.size();
    std::string content(sizeof size, '\0');
    std::memcpy(content.data(), &size, sizeof size);
    return content + header + data_;
  }

 private:
  void add(const std::string& name, const Json& shape, const std::vector<float>& values) {
    const std::size_t begin = data_.size();
    data_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    header_[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, data_.size()}}};
  }

  Random random_;
  Json header_ = Json::object();
  std::string data_;
};

std::string safetensors(int vocabulary, std::uint64_t seed) {
  SafetensorsContent content(seed);
  content.add_matrix("model.embed_tokens.weight", vocabulary, kWidth);
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    content.add_ones(prefix + "input_layernorm.weight", kWidth);
    content.add_matrix(prefix + "self_attn.q_proj.weight", kHeads * kHeadSize, kWidth);
    content.add_matrix(prefix + "self_attn.k_proj.weight", kKeyHeads * kHeadSize, kWidth);
    content.add_matrix(prefix + "self_attn.v_proj.weight", kKeyHeads * kHeadSize, kWidth);
    content.add_matrix(prefix + "self_attn.o_proj.weight", kWidth, kHeads * kHeadSize);
    content.add_ones(prefix + "post_attention_layernorm.weight", kWidth);
    content.add_matrix(prefix + "mlp.gate_proj.weight", kMlpWidth, kWidth);
    content.add_matrix(prefix + "mlp.up_proj.weight", kMlpWidth, kWidth);
    content.add_matrix(prefix + "mlp.down_proj.weight", kWidth, kMlpWidth);
  }
  content.add_ones("model.norm.weight", kWidth);
  return content.text();
}

std::string pick(const std::vector<std::string>& words, Random& random) {
  return words[random.below(words.size())];
}

std::string sentence(Random& random) {
  return fmt::format("The {} {} {} to the {} of the {} {} near a {} {}.", pick(kAdjectives, random),
                     pick(kNouns, random), pick(kVerbs, random), pick(kNouns, random),
                     pick(kAdjectives, random), pick(kNouns, random), pick(kAdjectives, random),
                     pick(kNouns, random));
}

}  // namespace

void write_tiny_model(const std::filesystem::path& folder, std::uint64_t seed) {
  const Vocabulary vocabulary = make_vocabulary();
  write_file_atomically(folder / "config.json", to_json_text(config_json(vocabulary.ids.size()), 1));
  write_file_atomically(folder / "tokenizer.json", to_json_text(tokenizer_json(vocabulary)));
  write_file_atomically(folder / "model.safetensors",
                        safetensors(static_cast<int>(vocabulary.ids.size()), seed));
}

std::string tiny_text(int documents, std::uint64_t seed) {
  Random random(seed);
  std::string text;
  for (int i = 0; i < documents; ++i) {
    std::string document = sentence(random);
    for (std::uint64_t more = random.below(4); more > 0; --more)
      document.append(" ").append(sentence(random));
    text += document + "\n";
  }
  return text;
}

}  // namespace conceptune::test
