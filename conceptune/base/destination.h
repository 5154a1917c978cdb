// Where a command writes. The rule for every output: absent, or empty; what is there already is refused, but
// a product of the same kind when its replacement was asked for. An input is never an output. Checked before
// anything is computed.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "conceptune/base/file.h"
#include "conceptune/base/product.h"

namespace conceptune {

/// A path to write to, and what becomes of a product of the same kind that is there already.
struct Destination {
  std::filesystem::path path;
  Existing existing = Existing::refuse;

  // Implicit, so that a path alone is a destination where nothing may be.
  Destination(std::filesystem::path p, Existing e = Existing::refuse)  // NOLINT(google-explicit-constructor)
      : path(std::move(p)), existing(e) {}
};

/// Throws InputError unless a folder with a product of this kind can be made: absent, empty, or, to be
/// replaced, a product of the same kind with no other file in it. Also when an input is the destination or
/// lies in it, or a file is in the way; SystemError where the parent folder cannot be made or written to.
/// Makes nothing.
void check_folder_destination(const Destination& destination, ProductKind kind, std::string_view doing,
                              std::span<const std::filesystem::path> inputs = {});

/// The same for a folder that one command fills in several goes (training, an experiment): what holds the
/// kind's card already, or the file "lock" alone, is its own work, which goes on.
void check_growing_destination(const std::filesystem::path& folder, ProductKind kind, std::string_view doing,
                               std::span<const std::filesystem::path> inputs = {});

/// The same for one file; `is_same_kind` looks at a file that is to be replaced. Devices and pipes may be
/// written to.
void check_file_destination(const Destination& destination, std::string_view kind, std::string_view doing,
                            const std::function<bool(const std::filesystem::path&)>& is_same_kind,
                            std::span<const std::filesystem::path> inputs = {});

}  // namespace conceptune
