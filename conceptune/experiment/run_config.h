// The settings of one arm of an experiment: the option structs of all stages, composed.
#pragma once

#include <filesystem>
#include <string>

#include "conceptune/base/option_fields.h"
#include "conceptune/corpus/corpus.h"

namespace conceptune::experiment {

struct ModelSource {
  std::filesystem::path path;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("path", path, "Base model: a GGUF file or a folder with config.json and safetensors");
  }
};

struct RunConfig {
  std::string name;
  std::filesystem::path output;
  ModelSource model;
  corpus::CorpusOptions corpus;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("name", name, "Title of the report; the config file's name when empty");
    visit("output", output,
          "Folder of the run: products, store and report; runs/NAME beside the config when empty");
    visit("model", model, "Base model");
    visit("corpus", corpus, "Source of passages");
  }
};

}  // namespace conceptune::experiment
