#include "conceptune/experiment/product_records.h"

#include <map>
#include <system_error>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"

namespace conceptune::experiment {
namespace {

constexpr int kVersion = 1;
constexpr std::string_view kDoing = "reading a product's record";

/// All but the folder.
ProductRecord read_record(const std::filesystem::path& path) {
  const Json record = read_json_file(path, kDoing);
  try {
    if (record.at("version") != kVersion)
      throw InputError(kDoing, path.string(), "is of another version of the program");
    ProductRecord read{{record.at("key").get<std::string>(),
                        record.at("stage").get<std::string>(),
                        {},
                        record.at("recipe"),
                        file_list_from_json(record.at("files"), kDoing, path.string())},
                       {}};
    const Json& run = record.at("run");
    read.run = {read.product.stage,
                read.product.key,
                run.at("subject").get<std::string>(),
                run.at("seconds").get<double>(),
                "done",
                run.at("started").get<std::string>()};
    return read;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kDoing, path.string(),
                     std::string("holds what the program never writes (") + error.what() + ")");
  }
}

}  // namespace

std::filesystem::path product_record_path(const Product& product) {
  return product.folder.string() + ".json";
}

void write_product_record(const ProductRecord& record) {
  const Product& product = record.product;
  const Json document = {
      {"version", kVersion},
      {"key", product.key},
      {"stage", product.stage},
      {"recipe", product.recipe},
      {"run",
       {{"subject", record.run.subject}, {"seconds", record.run.seconds}, {"started", record.run.started}}},
      {"files", to_json(product.files)}};
  write_file_atomically(product_record_path(product), to_json_text(document, 1) + "\n");
}

std::optional<ProductRecord> read_product_record(const Product& wanted) {
  const auto path = product_record_path(wanted);
  if (!std::filesystem::exists(path)) return std::nullopt;
  ProductRecord record = read_record(path);
  if (record.product.key != wanted.key || record.product.stage != wanted.stage)
    throw InputError(kDoing, path.string(), "is of another product");
  record.product.folder = wanted.folder;
  return record;
}

std::vector<Product> known_products(RunStore& store) {
  std::map<std::string, Product> by_key;
  for (auto& product : store.products()) by_key[product.key] = std::move(product);
  std::error_code none_yet;
  for (const auto& entry : std::filesystem::directory_iterator(store.run_folder() / "products", none_yet)) {
    if (entry.path().extension() != ".json") continue;
    Product product = read_record(entry.path()).product;
    product.folder = store.product_folder(product.stage, product.key);
    if (product_record_path(product) != entry.path())
      throw InputError(kDoing, entry.path().string(), "is of another product");
    by_key[product.key] = std::move(product);
  }
  std::vector<Product> products;
  products.reserve(by_key.size());
  for (auto& [key, product] : by_key) products.push_back(std::move(product));
  return products;
}

}  // namespace conceptune::experiment
