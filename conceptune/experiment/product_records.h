// Finished products as files of a run's folder: by them, processes and machines at work in it tell one
// another what is done. RUN/run.sqlite is written by one of them, in the end, since SQLite does not serve
// several machines.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// `PRODUCT.json` beside the product's folder.
std::filesystem::path product_record_path(const Product& product);

struct ProductRecord {  // NOLINT(bugprone-exception-escape): moving a Json throws nothing
  Product product;
  /// How it was made.
  StageRun run;
};

/// Writes it, whole or not at all.
void write_product_record(const ProductRecord& record);

/// The product with its files as its record has them; nothing where there is no record. Throws InputError,
/// naming the file, for a record that the program did not write, or one of another product.
std::optional<ProductRecord> read_product_record(const Product& wanted);

/// What the store of a run knows, and what its records say beyond that.
std::vector<Product> known_products(RunStore& store);

}  // namespace conceptune::experiment
