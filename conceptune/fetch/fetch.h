// Models and files from the hub, URLs or this machine, into the cache folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/fetch/http_file.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::fetch {

struct FetchOptions {
  std::filesystem::path cache;       // empty: cache_folder() of base
  std::filesystem::path into;        // empty: the cache
  std::vector<std::string> include;  // names or patterns with * and ?; empty: what a model needs
  std::string sha256;                // of a URL's file; empty: not checked
  int parallel = 4;                  // files at a time

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("cache", cache, "Cache folder");
    visit("into", into, "Folder that what comes lies in, in place of the cache");
    visit("include", include, "Files of a repository to fetch: names or patterns with * and ?");
    visit("sha256", sha256, "SHA-256 that the file of a URL must have");
    visit("parallel", parallel, "Files fetched at the same time", between(1, 64));
  }
};

struct Fetched {
  std::string source;          // as it was given; of a set ("quickstart") the member's name
  std::filesystem::path path;  // folder or file
};

/// Fetches `sources`, those of a set one by one, to these paths:
///   a name of the table (named_sources.h)   CACHE/PATH, or INTO/PATH
///   a path that exists                      itself; nothing is copied
///   http(s)://…                             CACHE/urls/HASH/NAME, or INTO/NAME
///   org/name[@revision]                     CACHE/hub/org--name/COMMIT, or INTO/name, with the weights
///                                           (safetensors; GGUF where there are none), configuration and
///                                           tokenizer files, or those that `include` names
///   datasets/org/name[@revision]            CACHE/hub/datasets--org--name/COMMIT, or INTO/name, with the
///   files
///                                           that `include` names
/// What is there already is not fetched again; a repository whose hub cannot be reached is taken from the
/// cache, with a warning. The hub is $HF_ENDPOINT or https://huggingface.co, the token $HF_TOKEN. Throws
/// InputError for a source that is none of these, that the server refuses, or whose content has another hash
/// than the one known of it; SystemError when the network fails, Interrupted when `http.stop` asks.
std::vector<Fetched> fetch(const std::vector<std::string>& sources, const FetchOptions& options,
                           const HttpOptions& http, ProgressObserver* observer);

}  // namespace conceptune::fetch
