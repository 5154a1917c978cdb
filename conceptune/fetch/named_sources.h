// What can be fetched by a name of ours: one table of models, corpora, benchmarks and word lists.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"

namespace conceptune::fetch {

/// Who keeps the bytes.
enum class Origin {
  package,  // a Python package, brought by pip; the address is NAME==VERSION
  url,      // a web server
  hub,      // a repository of the hub: org/name or datasets/org/name
};

}  // namespace conceptune::fetch

template <>
inline constexpr std::pair<const char*, conceptune::fetch::Origin>
    conceptune::enum_names<conceptune::fetch::Origin>[] = {{"package", conceptune::fetch::Origin::package},
                                                           {"url", conceptune::fetch::Origin::url},
                                                           {"hub", conceptune::fetch::Origin::hub}};

namespace conceptune::fetch {

struct NamedSource {
  std::string name;     // "smollm2"
  std::string path;     // of the file or folder that comes, below the folder for inputs
  std::string what;     // in words
  std::string licence;  // as far as its authors state one
  std::int64_t bytes;   // that come over the network, about
  Origin origin;
  std::string address;
  std::string inside;  // the file, or with a final slash the folder, in the archive or repository; empty: all
  std::string archive_sha256;  // of what is downloaded; empty: not fixed
  std::string sha256;          // content_sha256() of what comes; empty: not fixed
};

/// The set of what configs/quickstart.toml reads.
inline constexpr std::string_view kQuickstart = "quickstart";

/// All of them, in the order of a list for people.
std::span<const NamedSource> named_sources();

/// The sources that `name` stands for: one, or those of the set kQuickstart; none where it is no such name.
std::vector<NamedSource> sources_named(std::string_view name);

/// Names of sources, and of the set.
std::vector<std::string> source_names();

}  // namespace conceptune::fetch
