// What can be fetched by a name of ours: one table of models, corpora, benchmarks and word lists.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::fetch {

/// Who keeps the bytes.
enum class Origin {
  package,  // a Python package, brought by pip; the address is NAME==VERSION
  url,      // a web server
  hub,      // a repository of the hub: org/name or datasets/org/name
};

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

/// All of them, in the order of a list for people.
std::span<const NamedSource> named_sources();

/// The sources that `name` stands for: one, or those of a set ("quickstart"); none where it is no such name.
std::vector<NamedSource> sources_named(std::string_view name);

/// Names of sources and sets.
std::vector<std::string> source_names();

}  // namespace conceptune::fetch
