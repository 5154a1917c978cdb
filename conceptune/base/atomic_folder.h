// A product's folder, filled beside its destination.
#pragma once

#include <filesystem>
#include <optional>

#include "conceptune/base/destination.h"
#include "conceptune/base/partial_path.h"
#include "conceptune/base/product.h"

namespace conceptune {

/// A folder filled beside its destination and renamed to it by commit(), with a manifest of its files.
/// Without commit() the partial folder is removed and the destination stays as it was.
class AtomicFolder {
 public:
  /// Throws as check_folder_destination() unless what is there is to be replaced; a caller that replaces a
  /// user's output has checked it.
  AtomicFolder(const Destination& destination, ProductKind kind);
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  /// Where to write the files.
  const std::filesystem::path& path() const { return partial_->path(); }
  /// At every moment either the old folder or the new one is in place. The old one's files are removed then,
  /// others in it kept (remove_product()). Throws InputError when something has come to be there that is not
  /// to be replaced.
  void commit();

 private:
  void replace();

  std::filesystem::path destination_;
  Existing existing_;
  ProductKind kind_;
  std::optional<PartialPath> partial_;
};

}  // namespace conceptune
