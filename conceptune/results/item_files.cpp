#include "conceptune/results/item_files.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/file_name.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/zstd_writer.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kFormat = "conceptune-items";
constexpr int kVersion = 2;
constexpr const char* kReading = "reading evaluated items";

Json header_of(const ItemKey& key) {
  return {{"format", kFormat},          {"version", kVersion},
          {"benchmark", key.benchmark}, {"convention", key.convention},
          {"subject", key.subject},     {"made_from", key.made_from}};
}

/// What the first line says of the lines after it.
struct Body {
  std::size_t items = 0;
  Sha256 hash = {};

  void add(const std::string& line) {
    ++items;
    hash.update(line + "\n");
  }
  /// Ends the hash.
  Json facts() { return {{"items", items}, {"sha256", hash.hex()}}; }
};

struct ItemsRead {
  Json header;
  std::vector<Json> items;
};

/// Throws InputError unless the items are those that the first line speaks of.
ItemsRead read_items(const std::filesystem::path& path) {
  LineReader reader(path, kReading);
  std::string line;
  if (!reader.next(line)) throw InputError(kReading, path.string(), "empty file");
  ItemsRead read{parse_json(line, kReading, reader.where()), {}};
  Body body;
  while (reader.next(line)) {
    read.items.push_back(parse_json(line, kReading, reader.where()));
    body.add(line);
  }
  const Json facts = body.facts();
  for (const auto& [key, value] : facts.items())
    if (!read.header.is_object() || read.header.value(key, Json()) != value)
      throw InputError(kReading, path.string(), "the first line does not describe what follows");
  return read;
}

}  // namespace

std::string ItemFiles::file_name(const ItemKey& key) {
  const std::string digest = sha256_hex(to_json_text(header_of(key))).substr(0, 16);
  const std::string convention = key.convention.empty() ? "" : file_part(key.convention) + ".";
  return fmt::format("{}.{}{}.{}.jsonl.zst", file_part(key.benchmark), convention, file_part(key.subject),
                     digest);
}

std::optional<std::vector<Json>> ItemFiles::find(const ItemKey& key) const {
  const auto path = folder_ / file_name(key);
  if (!keeps() || !std::filesystem::exists(path)) return std::nullopt;
  try {
    auto read = read_items(path);
    const Json expected = header_of(key);
    for (const auto& [name, value] : expected.items())
      if (read.header.value(name, Json()) != value)
        throw InputError(kReading, path.string(), "the first line is of other items than the file's name");
    return std::move(read.items);
  } catch (const InputError& error) {
    warn(fmt::format("{}; its items are computed again", error.what()));
    return std::nullopt;
  }
}

void ItemFiles::put(const ItemKey& key, const std::vector<Json>& items) const {
  if (!keeps()) return;
  make_folder(folder_);
  std::vector<std::string> lines;
  Body body;
  for (const Json& item : items) {
    lines.push_back(to_json_text(item));
    body.add(lines.back());
  }
  ZstdWriter writer(folder_ / file_name(key));
  Json header = header_of(key);
  header.update(body.facts());
  writer.write(to_json_text(header) + "\n");
  for (const auto& line : lines) writer.write(line + "\n");
  writer.commit();
}

std::vector<Json> read_item_file(const std::filesystem::path& path) { return read_items(path).items; }

std::string problem_of_item_file(const std::filesystem::path& path) {
  try {
    read_items(path);
    return {};
  } catch (const InputError& error) {
    return error.what();
  }
}

Json passage_scores_to_json(const PassageScores& scores) {
  Json content = Json::array();
  for (const auto& word : scores.content)
    content.push_back(
        {{"token", word.token}, {"synonyms", word.has_synonyms}, {"concept_nll", word.concept_nll}});
  return {{"id", scores.id}, {"nll", scores.nll}, {"correct", scores.correct}, {"content", content}};
}

PassageScores passage_scores_from_json(const Json& item) {
  PassageScores scores{.id = item.at("id"),
                       .nll = item.at("nll").get<std::vector<double>>(),
                       .correct = item.at("correct").get<std::vector<std::uint8_t>>(),
                       .content = {}};
  for (const auto& word : item.at("content"))
    scores.content.push_back({word.at("token"), word.at("synonyms"), word.at("concept_nll")});
  return scores;
}

Json passage_words_to_json(const PassageWords& passage) {
  return {{"id", passage.id}, {"words", passage.words}};
}

PassageWords passage_words_from_json(const Json& item) {
  return {item.at("id"), item.at("words").get<std::vector<std::string>>()};
}

}  // namespace conceptune::evaluation
