// Which passages a model has seen, by their ids: a text file of one id a line.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace conceptune::corpus {

/// In the folder of a training run: the passages that it trained or validated on.
inline constexpr const char* kTrainedPassagesFile = "trained-on.txt";

using PassageIds = std::set<std::string, std::less<>>;

/// The file appears whole or not at all.
void write_passage_ids(const std::filesystem::path& path, const PassageIds& ids);

/// Throws InputError for an unreadable file and a line that is no id.
PassageIds read_passage_ids(const std::filesystem::path& path);

}  // namespace conceptune::corpus
