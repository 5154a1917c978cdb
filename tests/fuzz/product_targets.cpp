// What the program writes and reads again, and the tables and configurations that users write for it.
#include <stdexcept>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/base/product.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/concepts/file_source.h"
#include "conceptune/options/config_source.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/results/item_files.h"
#include "conceptune/results/results.h"
#include "tests/fuzz/fuzzed_files.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {

enum class Choice { one, another };

}  // namespace conceptune::fuzz

template <>
inline constexpr std::pair<const char*, conceptune::fuzz::Choice>
    conceptune::enum_names<conceptune::fuzz::Choice>[] = {{"one", conceptune::fuzz::Choice::one},
                                                          {"another", conceptune::fuzz::Choice::another}};

namespace conceptune::fuzz {
namespace {

/// A field of each type that configurations have.
struct Section {
  Choice choice = Choice::one;
  std::vector<double> numbers;
  std::filesystem::path path;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("choice", choice, "one of two");
    visit("numbers", numbers, "some numbers", between(-1, 1));
    visit("path", path, "a path");
  }
};

struct Options {
  std::string name;
  std::int64_t count = 1;
  bool flag = false;
  Section section;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("name", name, "a name");
    visit("count", count, "a number", at_least(1));
    visit("flag", flag, "a flag");
    visit("section", section, "a section");
  }
};

}  // namespace

bool read_concept_dataset(std::span<const std::byte> bytes) {
  const auto folder = folder_of(bytes, {"dataset.json", "records.jsonl.zst"});
  return accepted([&] {
    concepts::DatasetReader reader(folder);
    for (concepts::ConceptRecord record; reader.next(record);) {
      const std::string line = concepts::record_to_line(record);
      if (concepts::record_to_line(concepts::record_from_line(line, "again")) != line)
        throw std::logic_error("a record that was read is written as another");
    }
  });
}

bool read_concept_table(std::span<const std::byte> bytes) {
  const MemoryFile file(bytes);
  return accepted([&] { concepts::FileSource({file.path()}, nullptr, 10); });
}

bool read_results(std::span<const std::byte> bytes) {
  const MemoryFile file(bytes);
  return accepted([&] {
    const Json document = to_json(evaluation::read_results(file.path()));
    if (to_json(evaluation::results_from_json(document, "again")) != document)
      throw std::logic_error("results that were read are written as others");
  });
}

bool read_item_file(std::span<const std::byte> bytes) {
  return evaluation::problem_of_item_file(folder_of(bytes, {"items.jsonl.zst"}) / "items.jsonl.zst").empty();
}

bool read_manifest(std::span<const std::byte> bytes) {
  const auto folder = folder_of(bytes, {kManifestFile, "file"});
  return accepted([&] { check_manifest(folder, "fuzzing"); });
}

bool read_config(std::span<const std::byte> bytes) {
  const MemoryFile file(bytes);
  bool sound = true;
  return accepted([&] {
           Options options;
           const auto fields = experiment::list_fields(options);
           for (const auto& entry : experiment::read_config_entries(file.path()))
             sound &= !experiment::set_field(fields, entry);
           const std::string toml = experiment::fields_to_toml(fields);
           Options again;
           const auto fields_again = experiment::list_fields(again);
           const MemoryFile printed(std::as_bytes(std::span(toml)));
           for (const auto& entry : experiment::read_config_entries(printed.path()))
             if (const auto problem = experiment::set_field(fields_again, entry))
               throw std::logic_error(*problem);
           if (experiment::fields_to_toml(fields_again) != toml)
             throw std::logic_error("a configuration that was read is printed as another");
         }) &&
         sound;
}

}  // namespace conceptune::fuzz
