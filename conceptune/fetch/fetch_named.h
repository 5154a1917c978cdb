// Sources of the table, fetched to where configurations look for them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "conceptune/base/partial_path.h"
#include "conceptune/base/progress.h"
#include "conceptune/fetch/http_request.h"
#include "conceptune/fetch/named_sources.h"

namespace conceptune::fetch {

/// Fetches into one folder. An archive that several sources lie in is downloaded once.
class NamedFetcher {
 public:
  /// `parallel`: files of a hub at a time.
  NamedFetcher(std::filesystem::path folder, HttpOptions http, int parallel, ProgressObserver* observer);

  /// The path FOLDER/source.path. What is there is taken as it is, checked where its hash is fixed. An
  /// archive that somebody put into the folder is unpacked; else it is downloaded. Throws InputError for
  /// content with another hash than the table's, and as http_download(), download_package() and unpack();
  /// where the network fails the message says where to put the file.
  std::filesystem::path fetch(const NamedSource& source);

 private:
  void bring(const NamedSource& source, const std::filesystem::path& target);
  void bring_from_hub(const NamedSource& source, const std::filesystem::path& target);
  std::filesystem::path archive_of(const NamedSource& source);
  std::filesystem::path download(const NamedSource& source);
  std::filesystem::path archive_put_there(const NamedSource& source) const;

  std::filesystem::path folder_;
  HttpOptions http_;
  int parallel_;
  ProgressObserver* observer_;
  std::unique_ptr<PartialPath> downloads_;                 // removed with this
  std::map<std::string, std::filesystem::path> archives_;  // by address
};

}  // namespace conceptune::fetch
