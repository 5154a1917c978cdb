#include "cli/program.h"

#include <memory>

#include "cli/command_list.h"
#include "cli/commands.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

// In the order of the data's way through the program, which is the order of --help.
constexpr AddCommand kCommands[] = {
    // clang-format off
    add_fetch_command,
    add_corpus_command,
    add_annotate_command,
    add_dataset_command,
    add_train_command,
    add_eval_command,
    add_eval_sources_command,
    add_run_command,
    add_status_command,
    add_report_command,
    add_inspect_command,
    add_verify_command,
    add_merge_command,
    add_export_command,
    add_check_command,
    add_tokenize_command,
    add_tag_command,
    add_env_command,
    add_help_command,
    // clang-format on
};

/// "TEXT=cpu", as CLI11 wrote the value and the default of an option until 2.3: one look in all versions,
/// which the pages made of it share.
class HelpFormat : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return {};
    std::string text = " " + get_label(option->get_type_name());
    if (const auto preset = option->get_default_str(); !preset.empty()) text += "=" + preset;
    if (option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
    if (option->get_required()) text += " " + get_label("REQUIRED");
    return text;
  }
};

}  // namespace

void add_all_commands(CLI::App& program, Terminal& terminal) {
  program.name("conceptune");
  program.set_version_flag("--version", "conceptune " CONCEPTUNE_VERSION);
  program.require_subcommand(1);
  program.formatter(std::make_shared<HelpFormat>());
  for (const AddCommand add : kCommands) add(program, terminal);
}

std::string help_of(const CLI::App& command) {
  auto text = command.get_formatter()->make_help(&command, full_name(command), CLI::AppFormatMode::Normal);
  if (text.ends_with('\n')) text.pop_back();  // as print_lines() writes it
  return text;
}

}  // namespace conceptune::cli
