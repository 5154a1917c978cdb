// Documents of tar archives, read through libarchive.
#pragma once

#include <filesystem>
#include <memory>

#include "conceptune/corpus/documents.h"

namespace conceptune::corpus {

/// Every regular file of a tar (compressed or not) as one document; a file whose name ends in .tar, .tgz or
/// .xz is itself an archive of documents, one level deep, as OpenWebText is distributed.
std::unique_ptr<DocumentReader> open_archive_documents(const std::filesystem::path& path);

}  // namespace conceptune::corpus
