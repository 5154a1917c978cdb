// Files of per-item values as an evaluation leaves them, under names of a test's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/results/item_files.h"

namespace conceptune::test {

inline void write_item_file(const std::filesystem::path& folder, const std::string& name,
                            const std::vector<Json>& items) {
  const evaluation::ItemKey key{"set", "", name, {}};
  evaluation::ItemFiles(folder).put(key, items);
  std::filesystem::rename(folder / evaluation::ItemFiles::file_name(key), folder / name);
}

}  // namespace conceptune::test
