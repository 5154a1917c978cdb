// What adapters are called in an evaluation: as the user says, or by what tells their paths apart.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace conceptune::evaluation {

struct NamedFolder {
  std::string name;
  std::filesystem::path folder;
};

/// The folder with what a training run gave (best/, or last/ where nothing was validated on); any other
/// folder itself. Throws InputError for a run that has not ended.
std::filesystem::path trained_in(const std::filesystem::path& folder);

/// Reads "PATH" or "NAME=PATH"; a text that names an existing path as a whole is a path. The folder of a
/// finished training run stands for the best that it trained. Without a name a folder is called by its own
/// name ("best" and "last" by their run's), with as many folders above it as tell it from the others:
/// "a/best" beside "b/best" are "a" and "b". Throws InputError for an empty name, and for one path or one
/// name given twice.
std::vector<NamedFolder> name_folders(std::span<const std::string> texts);

}  // namespace conceptune::evaluation
