#include "conceptune/evaluation/item_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/zstd_writer.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kFormat = "conceptune-items";
constexpr int kVersion = 1;
constexpr const char* kReading = "reading evaluated items";

Json header_of(const ItemKey& key, std::size_t items) {
  return {{"format", kFormat},
          {"version", kVersion},
          {"benchmark", key.benchmark},
          {"convention", key.convention},
          {"subject", key.subject},
          {"made_from", key.made_from},
          {"items", items}};
}

/// A name as a part of a file name.
std::string file_part(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_' && c != '.' && c != '='; }, '-');
  return name;
}

std::vector<Json> read_items(const std::filesystem::path& path, const ItemKey& key) {
  LineReader reader(path, kReading);
  std::string line;
  if (!reader.next(line)) throw InputError(kReading, path.string(), "empty file");
  const Json header = parse_json(line, kReading, reader.where());
  std::vector<Json> items;
  while (reader.next(line)) items.push_back(parse_json(line, kReading, reader.where()));
  if (header != header_of(key, items.size()))
    throw InputError(kReading, path.string(), "the first line does not describe what follows");
  return items;
}

}  // namespace

std::string ItemFiles::file_name(const ItemKey& key) {
  const std::string digest = sha256_hex(to_json_text(header_of(key, 0))).substr(0, 16);
  const std::string convention = key.convention.empty() ? "" : file_part(key.convention) + ".";
  return fmt::format("{}.{}{}.{}.jsonl.zst", file_part(key.benchmark), convention, file_part(key.subject),
                     digest);
}

std::optional<std::vector<Json>> ItemFiles::find(const ItemKey& key) const {
  const auto path = folder_ / file_name(key);
  if (!keeps() || !std::filesystem::exists(path)) return std::nullopt;
  try {
    return read_items(path, key);
  } catch (const InputError& error) {
    warn(fmt::format("{}; its items are computed again", error.what()));
    return std::nullopt;
  }
}

void ItemFiles::put(const ItemKey& key, const std::vector<Json>& items) const {
  if (!keeps()) return;
  make_folder(folder_);
  ZstdWriter writer(folder_ / file_name(key));
  writer.write(to_json_text(header_of(key, items.size())) + "\n");
  for (const Json& item : items) writer.write(to_json_text(item) + "\n");
  writer.commit();
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

}  // namespace conceptune::evaluation
