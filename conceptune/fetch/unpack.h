// Files out of archives (zip, wheels, tars), and what they are known by.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace conceptune::fetch {

/// Takes `inside`, a file or (with a final slash) a folder, out of an archive; it appears as `destination` at
/// once and whole. Throws InputError when the archive cannot be read, or has no such file, or a path in that
/// folder leads out of it; SystemError when the disk refuses.
void unpack(const std::filesystem::path& archive, std::string_view inside,
            const std::filesystem::path& destination);

/// Of a file its SHA-256; of a folder that of what `sha256sum` prints for its files, in the order of their
/// paths: `find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`.
std::string content_sha256(const std::filesystem::path& path);

}  // namespace conceptune::fetch
