#include "conceptune/base/misplaced_product.h"

#include <fmt/format.h>

#include <system_error>

namespace conceptune {
namespace {

namespace fs = std::filesystem;

/// Where such a product comes from.
std::string origin_of(ProductKind kind) {
  switch (kind) {
    case ProductKind::corpus:
      return "conceptune corpus";
    case ProductKind::dataset:
      return "conceptune annotate";
    case ProductKind::adapter:
    case ProductKind::checkpoint:
    case ProductKind::training:
      return "conceptune train";
    case ProductKind::results:
      return "conceptune eval";
    case ProductKind::run:
      return "conceptune run";
    case ProductKind::model:
      break;
  }
  return {};
}

std::string with_article(std::string_view name) {
  const bool is_vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return fmt::format("{} {}", is_vowel ? "an" : "a", name);
}

/// "the folder of a concept dataset, as conceptune annotate makes them".
std::string expectation(ProductKind expected) {
  if (expected == ProductKind::model) return "a .gguf file or a folder with config.json";
  return fmt::format("the folder of {}, as {} makes them", with_article(name_of(expected)),
                     origin_of(expected));
}

}  // namespace

std::string misplaced_product(const fs::path& path, ProductKind expected) {
  std::error_code error;
  if (!fs::exists(path, error)) return "No such file or directory";
  if (!fs::is_directory(path, error)) return "is a file, expected " + expectation(expected);
  if (const auto found = product_in(path); found && *found != expected)
    return fmt::format("is {}, expected {}", with_article(name_of(*found)), expectation(expected));
  return "expected " + expectation(expected);
}

}  // namespace conceptune
