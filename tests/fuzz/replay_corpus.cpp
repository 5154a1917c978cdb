// Replays the fuzzers' corpora: files that begin with "good" must be accepted, all others refused, none may
// harm.
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/fuzz/targets.h"
#include "tests/support/inputs.h"

namespace conceptune::fuzz {
namespace {

void replay(const char* corpus, Target read) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::source("tests/fuzz/corpus") / corpus)) {
    const std::string content = read_file(entry.path(), "reading corpus");
    // A copy of exactly this size: a read beyond it is an error under AddressSanitizer.
    const std::vector<char> bytes(content.begin(), content.end());
    const bool good = entry.path().filename().string().starts_with("good");
    EXPECT_EQ(read(std::as_bytes(std::span(bytes))), good) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

TEST(FuzzCorpus, Safetensors) { replay("safetensors", read_safetensors); }
TEST(FuzzCorpus, GgufWeights) { replay("gguf_weights", read_gguf_weights); }
TEST(FuzzCorpus, ModelConfig) { replay("model_config", read_model_config); }
TEST(FuzzCorpus, Adapter) { replay("adapter", read_adapter); }
TEST(FuzzCorpus, ServerReply) { replay("server_reply", read_server_reply); }
TEST(FuzzCorpus, TokenizerJson) { replay("tokenizer_json", read_tokenizer_json); }
TEST(FuzzCorpus, GgufTokenizer) { replay("gguf_tokenizer", read_gguf_tokenizer); }
TEST(FuzzCorpus, ChatTemplate) { replay("chat_template", read_chat_template); }
TEST(FuzzCorpus, CorpusJson) { replay("corpus_json", read_corpus_json); }
TEST(FuzzCorpus, CorpusTable) { replay("corpus_table", read_corpus_table); }
TEST(FuzzCorpus, PairBenchmark) { replay("pair_benchmark", read_pair_benchmark); }
TEST(FuzzCorpus, ChoiceFile) { replay("choice_file", read_choice_file); }
TEST(FuzzCorpus, Compressed) { replay("compressed", read_compressed); }
TEST(FuzzCorpus, WordNet) { replay("wordnet", read_wordnet); }
TEST(FuzzCorpus, PipelineFile) { replay("pipeline_file", read_pipeline_file); }
TEST(FuzzCorpus, PipelineFolder) { replay("pipeline_folder", read_pipeline_folder); }
TEST(FuzzCorpus, ConceptDataset) { replay("concept_dataset", read_concept_dataset); }
TEST(FuzzCorpus, ConceptTable) { replay("concept_table", read_concept_table); }
TEST(FuzzCorpus, Results) { replay("results", read_results); }
TEST(FuzzCorpus, ItemFile) { replay("item_file", read_item_file); }
TEST(FuzzCorpus, Manifest) { replay("manifest", read_manifest); }
TEST(FuzzCorpus, Config) { replay("config", read_config); }

}  // namespace
}  // namespace conceptune::fuzz
