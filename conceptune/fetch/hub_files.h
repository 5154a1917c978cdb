// Files of a hub's repository, brought here several at a time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/fetch/hub.h"

namespace conceptune::fetch {

/// $HF_ENDPOINT, or the address of the Hugging Face hub.
std::string hub_endpoint();
/// $HF_TOKEN; empty where it is not set.
std::string hub_token();

/// The commit and the files to fetch: those that `include` names (names or patterns with * and ?); without a
/// wish those in a model's top folder that it is read from (safetensors, GGUF where there are none,
/// configuration, tokenizer). Throws as list_repository(), and InputError where no file is wanted or a data
/// set's files are not named.
HubListing wanted_files(const HubName& name, const std::vector<std::string>& include,
                        const HttpOptions& http);

/// Downloads the files of a listing that are not in `folder` yet, `parallel` at a time. Throws as
/// http_download().
void download_files(const HubName& name, HubListing listing, const std::filesystem::path& folder,
                    const HttpOptions& http, int parallel, ProgressObserver* observer);

}  // namespace conceptune::fetch
