#include "conceptune/corpus/passage.h"

#include <fmt/format.h>

#include <utility>

#include "conceptune/base/byte_source.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/product.h"
#include "conceptune/base/utf8.h"

namespace conceptune::corpus {
namespace {

constexpr std::string_view kDoing = "reading passages";

Passage parse_passage(const std::string& line, const std::string& where) {
  const Json object = parse_json(line, kDoing, where);
  if (!object.is_object() || !object.contains("text") || !object["text"].is_string())
    throw InputError(kDoing, where, "expected an object with the string \"text\"");
  Passage passage = make_passage(object["text"].get<std::string>());
  if (object.contains("id") && object["id"] != passage.id)
    throw InputError(kDoing, where, fmt::format("the id is not that of the text, which is {}", passage.id));
  return passage;
}

/// Whether the first character but white space begins a JSON object or array. An empty file has no passages
/// in any format.
bool begins_as_json(const std::filesystem::path& path) {
  constexpr std::size_t kLook = 4096;
  const PeekedSource source(open_byte_source(path, kDoing), kLook);
  std::string_view text = source.first();
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == text.npos || text[first] == '{' || text[first] == '[';
}

/// What is given in the place of passages, and how to get these.
void refuse_others(const std::filesystem::path& path) {
  const std::string name = path.string();
  if (product_in(path) == ProductKind::corpus)
    throw InputError(kDoing, name,
                     fmt::format("is a corpus folder, expected one of its files, for example {}",
                                 (path / "train.jsonl").string()));
  if (!begins_as_json(path))
    throw InputError(
        kDoing, name,
        fmt::format("holds no passages, expected JSON lines with the key \"text\"; make them by: "
                    "conceptune corpus {} -o FOLDER",
                    name));
}

}  // namespace

std::string passage_id(std::string_view text) { return sha256_hex(text).substr(0, kPassageIdDigits); }

Passage make_passage(std::string text) {
  std::string id = passage_id(text);
  return {std::move(id), std::move(text)};
}

void write_passages(const std::filesystem::path& path, std::span<const Passage> passages) {
  AtomicFile file(path);
  for (const auto& passage : passages)
    file.write(to_json_text({{"id", passage.id}, {"text", passage.text}}) + "\n");
  file.commit();
}

std::vector<Passage> read_passages(const std::filesystem::path& path) {
  refuse_others(path);
  check_unchanged(path, kDoing);
  JsonRecords reader(path, kDoing, LineReader::kMaxLineBytes);
  std::vector<Passage> passages;
  for (std::string line; reader.next(line);) passages.push_back(parse_passage(line, reader.where()));
  if (passages.empty()) throw InputError(kDoing, path.string(), "no passages, expected at least one");
  return passages;
}

}  // namespace conceptune::corpus
