// One file or text over HTTP(S), by libcurl: retried, resumed, checked.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "conceptune/base/progress.h"
#include "conceptune/fetch/http_request.h"

namespace conceptune::fetch {

/// What a file must be; what is not known is not checked.
struct ExpectedFile {
  std::optional<std::int64_t> size;          // bytes
  std::optional<std::string> sha256;         // hexadecimal
  std::optional<std::string> git_blob_sha1;  // hexadecimal, SHA-1 of "blob SIZE\0" and the content
};

/// The body of a URL, or of what it answers to `*json` where that is not null. Throws InputError for a URL
/// that the server refuses (4xx), SystemError when the network or the server fails after all attempts, or the
/// body exceeds `max_bytes`.
std::string http_get(const std::string& url, const HttpOptions& options, std::size_t max_bytes,
                     const std::string* json = nullptr);

/// Downloads `url` to `destination` through `destination`.part. A part left by an earlier run is continued
/// where a checksum will tell whether it fits; a file that fails its check is fetched once more from the
/// start. Another process (or thread) that fetches the same destination is waited for. A server that sends
/// more than the expected size is an error at once. Adds the bytes that arrive to `*progress` (may be null).
/// Throws as http_get; the destination appears only when all is right.
void http_download(const std::string& url, const std::filesystem::path& destination,
                   const ExpectedFile& expected, const HttpOptions& options,
                   std::atomic<std::int64_t>* progress);

/// The same, with its progress as the stage "fetching NAME" of some `bytes` bytes (0: not known).
void watched_download(const std::string& url, const std::filesystem::path& destination,
                      const ExpectedFile& expected, const HttpOptions& options, const std::string& name,
                      std::int64_t bytes, ProgressObserver* observer);

}  // namespace conceptune::fetch
