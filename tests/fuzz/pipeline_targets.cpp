// The files of spaCy's English pipeline: MessagePack, and JSON beside it.
#include "conceptune/words/english/attribute_ruler.h"
#include "conceptune/words/english/dependency_parser.h"
#include "conceptune/words/english/parser_network.h"
#include "conceptune/words/english/tagger.h"
#include "conceptune/words/english/thinc_model.h"
#include "conceptune/words/english/token_encoder.h"
#include "conceptune/words/english/word_norms.h"
#include "conceptune/words/english/word_tokenizer.h"
#include "tests/fuzz/fuzzed_files.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {

bool read_pipeline_file(std::span<const std::byte> bytes) {
  const MemoryFile file(bytes);
  bool any = accepted([&] { words::ThincModel::load(file.path()); });
  any |= accepted([&] {
    words::WordTokenizer::Cache cache;
    words::WordTokenizer::load(file.path()).split("Don't re-read e.g. U.S. papers (2 km)!", cache);
  });
  any |= accepted([&] { words::WordNorms::load(file.path()); });
  any |= accepted([&] { words::TokenEncoder::load(file.path()); });
  any |= accepted([&] { words::ParserNetwork::load(file.path()); });
  any |= accepted([&] { words::AttributeRuler::load(file.path()); });
  return any;
}

bool read_pipeline_folder(std::span<const std::byte> bytes) {
  const auto folder = folder_of(bytes, {"cfg", "model", "moves"});
  bool any = accepted([&] { words::Tagger::load(folder); });
  any |= accepted([&] { words::DependencyParser::load(folder); });
  return any;
}

}  // namespace conceptune::fuzz
