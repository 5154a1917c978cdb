#include "conceptune/experiment/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/misplaced_product.h"

namespace conceptune::experiment {
namespace {

constexpr int kFormatVersion = 2;
constexpr std::string_view kOpening = "opening run";
constexpr std::string_view kReading = "reading run store";
constexpr const char* kStoreFile = "run.sqlite";
constexpr std::size_t kKeyDigitsInNames = 12;

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS products(
  key TEXT PRIMARY KEY, stage TEXT NOT NULL, folder TEXT NOT NULL, recipe TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS product_files(
  key TEXT NOT NULL REFERENCES products(key), path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY(key, path));
CREATE TABLE IF NOT EXISTS stage_runs(
  stage TEXT NOT NULL, product_key TEXT NOT NULL, subject TEXT NOT NULL, seconds REAL NOT NULL,
  outcome TEXT NOT NULL, started TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file_hashes(
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS arms(
  name TEXT PRIMARY KEY, arm_group TEXT NOT NULL, model TEXT NOT NULL, objective TEXT NOT NULL,
  concept_weight REAL NOT NULL, varied TEXT NOT NULL, options TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS evaluations(model TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS metrics(
  model TEXT NOT NULL REFERENCES evaluations(model), subject TEXT NOT NULL, benchmark TEXT NOT NULL,
  metric TEXT NOT NULL, convention TEXT NOT NULL, value REAL, low REAL, high REAL, n INTEGER NOT NULL,
  undefined_because TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS losses(
  arm TEXT NOT NULL REFERENCES arms(name), split TEXT NOT NULL, term TEXT NOT NULL, step INTEGER NOT NULL,
  value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS examples(position INTEGER PRIMARY KEY, text TEXT NOT NULL, words TEXT NOT NULL);
)";

std::filesystem::path store_path(const std::filesystem::path& run_folder, Database::Access access) {
  const auto path = run_folder / kStoreFile;
  if (access == Database::Access::read_only && !std::filesystem::exists(path))
    throw InputError(kOpening, run_folder.string(), misplaced_product(run_folder, ProductKind::run));
  return path;
}

/// Of a stage or a key: lower-case letters and digits.
bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == text.npos;
}

Json words_to_json(const std::vector<StoredExample::Word>& words) {
  Json list = Json::array();
  for (const auto& word : words)
    list.push_back({{"begin", word.begin},
                    {"end", word.end},
                    {"word", word.word},
                    {"part_of_speech", word.part_of_speech},
                    {"synonyms", word.synonyms}});
  return list;
}

std::vector<StoredExample::Word> words_from_json(const Json& list) {
  std::vector<StoredExample::Word> words;
  for (const auto& item : list)
    words.push_back(
        {item.at("begin"), item.at("end"), item.at("word"), item.at("part_of_speech"), item.at("synonyms")});
  return words;
}

}  // namespace

RunStore::RunStore(const std::filesystem::path& run_folder, Access access)
    : RunStore(run_folder, Database(store_path(run_folder, access), access), access) {}

RunStore::RunStore(const std::filesystem::path& run_folder, Database database, Access access)
    : run_folder_(run_folder), database_(std::move(database)) {
  if (access == Access::read_write) database_.run(kSchema);
  const std::string format = fact("format");
  if (format.empty() && access == Access::read_write) {
    set_fact("format", std::to_string(kFormatVersion));
    return;
  }
  if (format != std::to_string(kFormatVersion))
    throw InputError(kOpening, run_folder.string(),
                     fmt::format("its store has format '{}', expected {}", format, kFormatVersion));
}

RunStore RunStore::working_copy(const std::filesystem::path& run_folder) {
  RunStore copy(run_folder, Database::in_memory(), Access::read_write);
  if (!std::filesystem::exists(run_folder / kStoreFile)) return copy;
  RunStore store(run_folder, Access::read_only);
  for (const auto& product : store.products()) {
    copy.add_product(product);
    copy.copied_products_.insert(product.key);
  }
  for (const auto& run : store.stage_runs()) copy.add_stage_run(run);
  copy.copied_stage_runs_ = copy.stage_runs().size();
  copy.copy_hashes(store);
  return copy;
}

void RunStore::take_over(RunStore& copy) {
  Transaction all_of_it(database_);
  std::map<std::string, Product> known, learnt;
  for (auto& product : products()) known[product.key] = std::move(product);
  for (auto& product : copy.products()) learnt[product.key] = std::move(product);
  for (const auto& key : copy.copied_products_)
    if (!learnt.contains(key)) forget_product(key);
  for (const auto& [key, product] : learnt)
    if (const auto found = known.find(key); found == known.end() || found->second.files != product.files)
      insert_product(product);
  // Whoever made a product and whoever heard of it tell the same of it.
  const auto runs = copy.stage_runs(), told = stage_runs();
  for (std::size_t i = copy.copied_stage_runs_; i < runs.size(); ++i)
    if (std::ranges::find(told, runs[i]) == told.end()) add_stage_run(runs[i]);
  copy_hashes(copy);
  all_of_it.commit();
  copy.copied_stage_runs_ = runs.size();
}

void RunStore::copy_hashes(RunStore& other) {
  Statement rows = other.database_.prepare("SELECT path, size, modified, hash FROM file_hashes");
  while (rows.step()) note_hash(rows.text(0), rows.integer(1), rows.integer(2), rows.text(3));
}

void RunStore::set_fact(const std::string& name, const std::string& value) {
  database_.prepare("INSERT OR REPLACE INTO facts VALUES(?, ?)").bind(name, value).run();
}

std::string RunStore::fact(const std::string& name) {
  Statement rows = database_.prepare("SELECT value FROM facts WHERE name = ?");
  return rows.bind(name).step() ? rows.text(0) : "";
}

std::map<std::string, std::string> RunStore::facts() {
  std::map<std::string, std::string> facts;
  Statement rows = database_.prepare("SELECT name, value FROM facts");
  while (rows.step()) facts[rows.text(0)] = rows.text(1);
  return facts;
}

std::filesystem::path RunStore::product_folder(const std::string& stage, const std::string& key) const {
  return run_folder_ / "products" / fmt::format("{}-{}", stage, key.substr(0, kKeyDigitsInNames));
}

std::optional<Product> RunStore::find_product(const std::string& key) {
  for (auto& product : products())
    if (product.key == key) return product;
  return std::nullopt;
}

void RunStore::add_product(const Product& product) {
  Transaction all_of_it(database_);
  insert_product(product);
  all_of_it.commit();
}

void RunStore::insert_product(const Product& product) {
  forget_product(product.key);
  database_.prepare("INSERT INTO products VALUES(?, ?, ?, ?)")
      .bind(product.key, product.stage, product.folder.lexically_proximate(run_folder_).string(),
            to_json_text(product.recipe))
      .run();
  for (const auto& [path, facts] : product.files)
    database_.prepare("INSERT INTO product_files VALUES(?, ?, ?, ?)")
        .bind(product.key, path, facts.bytes, facts.sha256)
        .run();
}

void RunStore::forget_product(const std::string& key) {
  for (const char* table : {"product_files", "products"})
    database_.prepare(fmt::format("DELETE FROM {} WHERE key = ?", table)).bind(key).run();
}

std::vector<Product> RunStore::products() {
  std::vector<Product> products;
  Statement rows = database_.prepare("SELECT key, stage, folder, recipe FROM products ORDER BY rowid");
  while (rows.step()) {
    Product product{rows.text(0), rows.text(1), run_folder_ / rows.text(2),
                    parse_json(rows.text(3), "reading run store", "a product's recipe")};
    if (!is_name(product.stage) || !is_name(product.key) ||
        product.folder != product_folder(product.stage, product.key))
      throw InputError(kOpening, run_folder_.string(),
                       fmt::format("its store says that a product lies in '{}', which is none of its folders",
                                   rows.text(2)));
    products.push_back(std::move(product));
  }
  for (auto& product : products) {
    Statement files = database_.prepare("SELECT path, bytes, sha256 FROM product_files WHERE key = ?");
    for (files.bind(product.key); files.step();)
      product.files[files.text(0)] = {files.integer(1), files.text(2)};
  }
  return products;
}

std::string RunStore::damage() {
  Statement rows = database_.prepare("PRAGMA integrity_check(1)");
  const std::string finding = rows.step() ? rows.text(0) : "gives no answer";
  return finding == "ok" ? "" : finding;
}

void RunStore::add_stage_run(const StageRun& run) {
  database_.prepare("INSERT INTO stage_runs VALUES(?, ?, ?, ?, ?, ?)")
      .bind(run.stage, run.product_key, run.subject, run.seconds, run.outcome, run.started)
      .run();
}

std::vector<StageRun> RunStore::stage_runs() {
  std::vector<StageRun> runs;
  Statement rows = database_.prepare(
      "SELECT stage, product_key, subject, seconds, outcome, started FROM stage_runs ORDER BY rowid");
  while (rows.step())
    runs.push_back({rows.text(0), rows.text(1), rows.text(2), rows.number(3), rows.text(4), rows.text(5)});
  return runs;
}

std::optional<std::string> RunStore::known_hash(const std::filesystem::path& path, std::int64_t size,
                                                std::int64_t modified) {
  Statement rows =
      database_.prepare("SELECT hash FROM file_hashes WHERE path = ? AND size = ? AND modified = ?");
  return rows.bind(path.string(), size, modified).step() ? std::optional(rows.text(0)) : std::nullopt;
}

void RunStore::note_hash(const std::filesystem::path& path, std::int64_t size, std::int64_t modified,
                         const std::string& hash) {
  database_.prepare("INSERT OR REPLACE INTO file_hashes VALUES(?, ?, ?, ?)")
      .bind(path.string(), size, modified, hash)
      .run();
}

void RunStore::add_evaluation(const StoredEvaluation& evaluation) {
  database_.prepare("INSERT INTO evaluations VALUES(?, ?)")
      .bind(evaluation.model, to_json_text(evaluation::to_json(evaluation.results)))
      .run();
  for (const auto& m : evaluation.results.measurements) {
    Statement row = database_.prepare("INSERT INTO metrics VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row.bind(evaluation.model, m.subject, m.benchmark, m.metric, m.convention, m.value.value);
    if (m.interval)
      row.bind(m.interval->low, m.interval->high);
    else
      row.bind(std::nullopt, std::nullopt);
    row.bind(m.n, m.value.undefined_because).run();
  }
}

void RunStore::replace_results(const Results& results) {
  Transaction transaction(database_);
  database_.run(
      "DELETE FROM metrics; DELETE FROM evaluations; DELETE FROM losses; DELETE FROM examples; "
      "DELETE FROM arms;");
  for (const auto& arm : results.arms)
    database_.prepare("INSERT INTO arms VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(arm.name, arm.group, arm.model, arm.objective, arm.concept_weight, to_json_text(arm.varied),
              to_json_text(arm.options))
        .run();
  for (const auto& evaluation : results.evaluations) add_evaluation(evaluation);
  for (const auto& loss : results.losses)
    database_.prepare("INSERT INTO losses VALUES(?, ?, ?, ?, ?)")
        .bind(loss.arm, loss.split, loss.term, loss.step, loss.value)
        .run();
  for (const auto& example : results.examples)
    database_.prepare("INSERT INTO examples(text, words) VALUES(?, ?)")
        .bind(example.text, to_json_text(words_to_json(example.words)))
        .run();
  transaction.commit();
}

Results RunStore::results() {
  try {
    return read_results();
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kReading, (run_folder_ / kStoreFile).string(),
                     fmt::format("holds what the program never writes ({})", error.what()));
  }
}

Results RunStore::read_results() {
  const std::string where = (run_folder_ / kStoreFile).string();
  Results results;
  Statement arms = database_.prepare(
      "SELECT name, arm_group, model, objective, concept_weight, varied, options FROM arms ORDER BY rowid");
  while (arms.step())
    results.arms.push_back({arms.text(0), arms.text(1), arms.text(2), arms.text(3), arms.number(4),
                            parse_json(arms.text(5), kReading, where),
                            parse_json(arms.text(6), kReading, where)});
  Statement evaluations = database_.prepare("SELECT model, document FROM evaluations ORDER BY rowid");
  while (evaluations.step()) {
    results.evaluations.push_back(
        {evaluations.text(0),
         evaluation::results_from_json(parse_json(evaluations.text(1), kReading, where), where)});
  }
  Statement losses = database_.prepare("SELECT arm, split, term, step, value FROM losses ORDER BY rowid");
  while (losses.step())
    results.losses.push_back(
        {losses.text(0), losses.text(1), losses.text(2), losses.integer(3), losses.number(4)});
  Statement examples = database_.prepare("SELECT text, words FROM examples ORDER BY position");
  while (examples.step())
    results.examples.push_back(
        {examples.text(0), words_from_json(parse_json(examples.text(1), kReading, where))});
  return results;
}

}  // namespace conceptune::experiment
