#include "conceptune/fetch/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "listing repository";
constexpr std::size_t kMaxListingBytes = std::size_t{1} << 26;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 96 && text[0] != '.' && text[0] != '-' &&
         std::ranges::all_of(text, is_name_character) && text.find("..") == std::string_view::npos;
}

bool is_hexadecimal(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// True for "a/b.c": parts of printable ASCII, none of them empty, "." or "..".
bool is_safe_path(std::string_view path) {
  if (path.empty() || path.size() > 512) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto part = path.substr(begin, end - begin);
    const auto is_safe = [](char c) { return c >= 0x20 && c < 0x7f && c != '\\'; };
    if (part.empty() || part == "." || part == ".." || !std::ranges::all_of(part, is_safe)) return false;
    begin = end + 1;
  }
  return true;
}

/// Everything but letters, digits and -_./~ as %XX.
std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += is_name_character(c) || c == '/' || c == '~'
                  ? std::string(1, c)
                  : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return result;
}

/// A file as a listing of the repository ("rfilename", "lfs.sha256") or of single files ("path", "lfs.oid")
/// tells of it.
HubFile read_file_entry(const Json& entry, const std::string& where) {
  HubFile file;
  const bool is_single = entry.contains("path");
  file.path = entry.at(is_single ? "path" : "rfilename").get<std::string>();
  if (!is_safe_path(file.path))
    throw InputError(kDoing, where, fmt::format("path '{}' is not safe", file.path));
  if (entry.contains("size") && entry["size"].is_number_integer())
    file.expected.size = entry["size"].get<std::int64_t>();
  const char* blob = is_single ? "oid" : "blobId";
  if (entry.contains("lfs") && entry["lfs"].is_object()) {
    file.expected.sha256 = entry["lfs"].at(is_single ? "oid" : "sha256").get<std::string>();
    file.expected.size = entry["lfs"].at("size").get<std::int64_t>();
  } else if (entry.contains(blob)) {
    file.expected.git_blob_sha1 = entry[blob].get<std::string>();
  }
  if ((file.expected.sha256 && !is_hexadecimal(*file.expected.sha256, 64)) ||
      (file.expected.git_blob_sha1 && !is_hexadecimal(*file.expected.git_blob_sha1, 40)))
    throw InputError(kDoing, where, fmt::format("'{}' has a malformed hash", file.path));
  return file;
}

/// Where the hub tells of a repository: "revision", or "paths-info" of it.
std::string question_url(const std::string& endpoint, const HubName& name, std::string_view question,
                         const std::string& revision) {
  std::string quoted = percent_encoded(revision);
  for (auto at = quoted.find('/'); at != std::string::npos; at = quoted.find('/', at))
    quoted.replace(at, 1, "%2F");
  return fmt::format("{}/api/{}/{}/{}/{}", endpoint, name.is_dataset ? "datasets" : "models", name.repository,
                     question, quoted);
}

/// Whatever an answer lacks is told of as the answer's fault.
template <class Read>
void read_answer(const std::string& url, Read&& read) {
  try {
    read();
  } catch (const Json::exception& error) {
    throw InputError(kDoing, url, fmt::format("the answer is not a repository listing ({})", error.what()));
  }
}

std::string commit_of(const Json& answer, const std::string& url) {
  auto commit = answer.at("sha").get<std::string>();
  if (!is_hexadecimal(commit, 40)) throw InputError(kDoing, url, "the answer has no commit");
  return commit;
}

}  // namespace

std::optional<HubName> parse_hub_name(std::string_view text) {
  HubName name;
  constexpr std::string_view kDataset = "datasets/";
  name.is_dataset = text.starts_with(kDataset);
  if (name.is_dataset) text.remove_prefix(kDataset.size());
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    name.revision = text.substr(at + 1);
    text = text.substr(0, at);
    // A revision may have slashes ("refs/pr/1").
    if (!is_safe_path(name.revision)) return std::nullopt;
  }
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !is_name(text.substr(0, slash)) || !is_name(text.substr(slash + 1)))
    return std::nullopt;
  name.repository = text;
  return name;
}

HubListing list_repository(const std::string& endpoint, const HubName& name, const HttpOptions& options) {
  const auto url = question_url(endpoint, name, "revision", name.revision) + "?blobs=true";
  const Json answer = parse_json(http_get(url, options, kMaxListingBytes), kDoing, url);
  HubListing listing;
  read_answer(url, [&] {
    std::set<std::string> paths;
    for (const auto& entry : answer.at("siblings")) {
      listing.files.push_back(read_file_entry(entry, url));
      if (!paths.insert(listing.files.back().path).second)
        throw InputError(kDoing, url, fmt::format("lists the file '{}' twice", listing.files.back().path));
    }
    listing.commit = commit_of(answer, url);
  });
  return listing;
}

HubListing list_files(const std::string& endpoint, const HubName& name, const std::vector<std::string>& paths,
                      const HttpOptions& options) {
  const auto commit_url = question_url(endpoint, name, "revision", name.revision) + "?expand=sha";
  HubListing listing;
  const Json about = parse_json(http_get(commit_url, options, kMaxListingBytes), kDoing, commit_url);
  read_answer(commit_url, [&] { listing.commit = commit_of(about, commit_url); });
  const auto url = question_url(endpoint, name, "paths-info", listing.commit);
  const std::string question = to_json_text({{"paths", paths}});
  const Json answer = parse_json(http_get(url, options, kMaxListingBytes, &question), kDoing, url);
  read_answer(url, [&] {
    for (const auto& path : paths) {
      const auto is_it = [&](const Json& entry) { return entry.at("path") == path; };
      const auto entry = std::ranges::find_if(answer, is_it);
      if (entry == answer.end())
        throw InputError(kDoing, name.path(),
                         fmt::format("there is no file '{}' at {}", path, name.revision));
      listing.files.push_back(read_file_entry(*entry, url));
    }
  });
  return listing;
}

std::string file_url(const std::string& endpoint, const HubName& name, const HubListing& listing,
                     const HubFile& file) {
  return fmt::format("{}/{}/resolve/{}/{}", endpoint, name.path(), listing.commit,
                     percent_encoded(file.path));
}

}  // namespace conceptune::fetch
