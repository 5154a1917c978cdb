#include "conceptune/words/english/word_norms.h"

#include "conceptune/words/english/msgpack.h"
#include "conceptune/words/english/python_text.h"
#include "conceptune/words/english/string_id.h"

namespace conceptune::words {
namespace {

const std::unordered_map<std::string_view, std::string_view>& base_norms() {
  static const std::unordered_map<std::string_view, std::string_view> norms = {
      {"'s", "'s"},  {"'S", "'s"}, {"’s", "'s"}, {"’S", "'s"}, {"’", "'"},   {"‘", "'"},   {"´", "'"},
      {"`", "'"},    {"”", "\""},  {"“", "\""},  {"''", "\""}, {"``", "\""}, {"´´", "\""}, {"„", "\""},
      {"»", "\""},   {"«", "\""},  {"‘‘", "\""}, {"’’", "\""}, {"？", "?"},  {"！", "!"},  {"，", ","},
      {"；", ";"},   {"：", ":"},  {"。", "."},  {"।", "."},   {"…", "..."}, {"—", "-"},   {"–", "-"},
      {"--", "-"},   {"---", "-"}, {"——", "-"},  {"€", "$"},   {"£", "$"},   {"¥", "$"},   {"฿", "$"},
      {"US$", "$"},  {"C$", "$"},  {"A$", "$"},  {"₺", "$"},   {"₹", "$"},   {"৳", "$"},   {"₩", "$"},
      {"Mex$", "$"}, {"₣", "$"},   {"E£", "$"}};
  return norms;
}

}  // namespace

WordNorms WordNorms::load(const std::filesystem::path& lookups) {
  WordNorms result;
  read_msgpack_file(lookups, "reading word norms", [&](const MsgpackValue& tables) {
    for (const auto& [id, norm] : tables.at("lexeme_norm").map())
      result.norms_.emplace(id.unsigned_integer(), norm.text());
  });
  return result;
}

std::string WordNorms::norm(std::string_view word) const {
  if (const auto found = norms_.find(string_id(word)); found != norms_.end()) return found->second;
  if (const auto found = base_norms().find(word); found != base_norms().end())
    return std::string(found->second);
  return python_lower(word);
}

}  // namespace conceptune::words
