// A small program with what is awkward to write in a manual and for shells.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/command_list.h"

namespace conceptune::test {

inline cli::ListedCommand listed_program() {
  CLI::App program{"Makes things"};
  program.name("conceptune");
  auto* join = program.add_subcommand("join", "Joins one's files: [all] of them");
  std::vector<std::string> files;
  std::string kind = "loose";
  bool quiet = false;
  join->add_option("files", files, "Files to join")->required();
  join->add_option("-k,--kind", kind, "How 'close' they are (one of loose, tight; or none)")
      ->capture_default_str();
  join->add_flag("--quiet", quiet, "Say nothing | or *little*");
  auto* take = program.add_subcommand("take", "Takes apart");
  take->add_subcommand("half", "Takes a half")->add_option("--name", kind, ".Name \\n of it");
  return cli::list_command(program);
}

}  // namespace conceptune::test
