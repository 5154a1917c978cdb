// What a repository of the Hugging Face hub holds, by its HTTP interface.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/fetch/http_file.h"

namespace conceptune::fetch {

/// "org/name" or "org/name@revision", a model; "datasets/org/name…", a data set. The revision is a branch,
/// tag or commit.
struct HubName {
  std::string repository;
  std::string revision = "main";
  bool is_dataset = false;

  /// Its path below the hub's address.
  std::string path() const { return (is_dataset ? "datasets/" : "") + repository; }
};

/// Nothing when `text` is no name of that form.
std::optional<HubName> parse_hub_name(std::string_view text);

struct HubFile {
  std::string path;  // relative, without ".."
  ExpectedFile expected;
};

/// A repository at one commit.
struct HubListing {
  std::string commit;
  std::vector<HubFile> files;
};

/// Asks the hub at `endpoint` ("https://huggingface.co"). Throws as http_get, and InputError for an answer
/// that is not understood or names a path outside the repository.
HubListing list_repository(const std::string& endpoint, const HubName& name, const HttpOptions& options);

/// The same for these files alone, without a list of all: data sets may have a hundred thousand. Throws
/// InputError too where one is not there.
HubListing list_files(const std::string& endpoint, const HubName& name, const std::vector<std::string>& paths,
                      const HttpOptions& options);

/// Where a file of a listing is.
std::string file_url(const std::string& endpoint, const HubName& name, const HubListing& listing,
                     const HubFile& file);

}  // namespace conceptune::fetch
