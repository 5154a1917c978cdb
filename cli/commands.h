// The subcommands. Each has one file, NAME_command.cpp, that adds its options and what to run to the program.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "conceptune/base/destination.h"
#include "conceptune/base/output_lock.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::cli {

/// Checks that an option is one of some words, which its description tells.
inline CLI::Validator one_of(std::vector<std::string> names) {
  return CLI::IsMember(std::move(names)).description("");
}

/// The same for the names of an enum's values.
template <class E>
CLI::Validator one_of() {
  std::vector<std::string> names;
  for (const auto& [name, value] : enum_names<E>) names.emplace_back(name);
  return one_of(std::move(names));
}

/// Checks that an option is a number in a range, which its description tells.
inline CLI::Validator in_range(const Range& range) {
  const auto check = [range](const std::string& text) {
    double number = 0;
    if (CLI::detail::lexical_cast(text, number) && range.contains(number)) return std::string();
    return fmt::format("is '{}', expected a number, {}", text, range.text());
  };
  return {check, ""};
}

/// -m, --model of a command that needs one.
inline CLI::Option* add_model_option(CLI::App& app, std::filesystem::path& model,
                                     const std::string& description) {
  return app.add_option("-m,--model", model, description)->required();
}

/// --device of a command that runs a model.
inline CLI::Option* add_device_option(CLI::App& app, std::string& device) {
  return app
      .add_option("--device", device,
                  "Where the model runs: cpu; with libtorch built in also its devices, e.g. cuda:0")
      ->capture_default_str();
}

/// What --english-pipeline is, and where it is sought without.
inline constexpr const char* kEnglishPipelineHelp =
    "Folder of spaCy's en_core_web_sm [default: $CONCEPTUNE_ENGLISH_PIPELINE, else the cache folder's]";

/// -o and --overwrite of a command that makes something new.
struct OutputOption {
  std::filesystem::path path;
  bool overwrite = false;

  Destination destination() const { return {path, overwrite ? Existing::replace : Existing::refuse}; }
  /// Checks the folder to write, keeps other processes from it while the result lives, and checks it again:
  /// one may just have finished there. Throws as check_folder_destination() and OutputLock.
  std::unique_ptr<OutputLock> claim(ProductKind product, std::string_view doing,
                                    std::span<const std::filesystem::path> inputs) const {
    check_folder_destination(destination(), product, doing, inputs);
    auto lock = std::make_unique<OutputLock>(path, doing);
    check_folder_destination(destination(), product, doing, inputs);
    return lock;
  }
  /// `kind` is what --overwrite replaces, "dataset".
  CLI::Option* add_to(CLI::App& app, const std::string& description, const std::string& kind) {
    app.add_flag("--overwrite", overwrite,
                 fmt::format("Replace a finished {} that is there; nothing else", kind));
    return app.add_option("-o,--output", path, description);
  }
};

/// Adds one subcommand; its callback throws conceptune::Error for main() to report.
using AddCommand = void (*)(CLI::App& program, Terminal& terminal);

void add_fetch_command(CLI::App& program, Terminal& terminal);
void add_corpus_command(CLI::App& program, Terminal& terminal);
void add_annotate_command(CLI::App& program, Terminal& terminal);
void add_dataset_command(CLI::App& program, Terminal& terminal);
void add_train_command(CLI::App& program, Terminal& terminal);
void add_eval_command(CLI::App& program, Terminal& terminal);
void add_eval_sources_command(CLI::App& program, Terminal& terminal);
void add_run_command(CLI::App& program, Terminal& terminal);
void add_status_command(CLI::App& program, Terminal& terminal);
void add_report_command(CLI::App& program, Terminal& terminal);
void add_inspect_command(CLI::App& program, Terminal& terminal);
void add_verify_command(CLI::App& program, Terminal& terminal);
void add_merge_command(CLI::App& program, Terminal& terminal);
void add_export_command(CLI::App& program, Terminal& terminal);
void add_check_command(CLI::App& program, Terminal& terminal);
void add_tokenize_command(CLI::App& program, Terminal& terminal);
void add_tag_command(CLI::App& program, Terminal& terminal);
void add_env_command(CLI::App& program, Terminal& terminal);
void add_help_command(CLI::App& program, Terminal& terminal);

}  // namespace conceptune::cli
