// The texts of JSON objects: JSON lines, or one array.
#include <fmt/format.h>
#include <simdjson.h>

#include <bit>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/document_readers.h"
#include "conceptune/corpus/json_members.h"

namespace conceptune::corpus {
namespace {

class JsonTexts : public DocumentReader {
 public:
  JsonTexts(std::unique_ptr<ByteSource> text, const std::string& name, std::string_view text_key)
      : records_(std::move(text), name, kReadingCorpus, LineReader::kMaxLineBytes), text_key_(text_key) {}

  bool next(std::string& text) override {
    if (!records_.next(record_)) return false;
    if (!take_fast(text)) take_slowly(text);
    return true;
  }

 private:
  /// False where simdjson does not take the record as it is; why, and whether rightly, is the other's.
  bool take_fast(std::string& text) {
    if (record_.starts_with(kByteOrderMark))
      return false;  // simdjson passes over it since 3.2, Python does not
    record_.reserve(record_.size() + simdjson::SIMDJSON_PADDING);
    if (record_.size() > parser_.capacity() &&
        parser_.allocate(std::bit_ceil(record_.size())) != simdjson::SUCCESS)
      throw SystemError(kReadingCorpus, records_.where(), "not enough memory to parse it");
    simdjson::dom::object object;
    if (parser_.parse(record_.data(), record_.size(), false).get(object) != simdjson::SUCCESS) return false;
    int found = 0;
    for (const auto field : object) {
      if (field.key != text_key_) continue;
      std::string_view value;
      if (++found > 1 || field.value.get(value) != simdjson::SUCCESS) return false;
      text.assign(value);
    }
    return found == 1;
  }

  /// What simdjson refuses may still be JSON: numbers beyond 64 bits, NaN as Python writes it, half a
  /// surrogate pair in another string.
  void take_slowly(std::string& text) {
    if (const auto byte = first_invalid_utf8(record_)) refuse(fmt::format("invalid UTF-8 at byte {}", *byte));
    std::vector<JsonMember> members;
    if (const auto fault = read_json_members(record_, members))
      refuse(fmt::format("malformed JSON at byte {}: {}", fault->byte, fault->problem));
    int found = 0;
    for (const auto& member : members) {
      if (!is_key(member.key)) continue;
      if (++found > 1) refuse(fmt::format("the key \"{}\" twice", text_key_));
      if (!member.value.starts_with('"')) refuse(fmt::format("\"{}\" is no string", text_key_));
      text = parse_json(member.value, kReadingCorpus, records_.where()).get<std::string>();
    }
    if (found == 0) refuse(fmt::format("no key \"{}\"", text_key_));
  }

  /// `written` is a string in its quotes. One with escapes is decoded, unless it is half a surrogate pair.
  bool is_key(std::string_view written) const {
    if (written.find('\\') == written.npos) return written.substr(1, written.size() - 2) == text_key_;
    const Json key = Json::parse(written, nullptr, false);
    return key.is_string() && key == text_key_;
  }

  [[noreturn]] void refuse(std::string_view problem) const {
    throw InputError(kReadingCorpus, records_.where(), problem);
  }

  JsonRecords records_;
  std::string text_key_;
  std::string record_;
  simdjson::dom::parser parser_;
};

}  // namespace

std::unique_ptr<DocumentReader> read_json_texts(std::unique_ptr<ByteSource> text, const std::string& name,
                                                std::string_view text_key) {
  return std::make_unique<JsonTexts>(std::move(text), name, text_key);
}

}  // namespace conceptune::corpus
