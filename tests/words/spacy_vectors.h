// spaCy's model folder, and what spaCy 3.8 gives for some texts (tests/reference/spacy).
#pragma once

#include <filesystem>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "tests/support/inputs.h"

namespace conceptune::words {

inline std::filesystem::path model_folder() { return test::input("en_core_web_sm"); }

/// Lines of `vectors.jsonl` (short pipeline, with features) or `parser_vectors.jsonl` (full pipeline).
inline std::vector<Json> spacy_vectors(const char* name) {
  std::vector<Json> vectors;
  LineReader lines(test::source("tests/reference/spacy") / name, "reading golden values");
  for (std::string line; lines.next(line);) vectors.push_back(parse_json(line, "reading", name));
  return vectors;
}

}  // namespace conceptune::words
