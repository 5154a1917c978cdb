#include "conceptune/words/english/word_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "conceptune/base/utf8.h"
#include "conceptune/words/english/msgpack.h"
#include "conceptune/words/english/python_text.h"

namespace conceptune::words {
namespace {

// Attribute numbers of spaCy that serve as keys in the file.
constexpr std::int64_t kOrth = 65;
constexpr std::int64_t kNorm = 67;

template <class Part>
void append_rule(const std::vector<Part>& rule, std::uint32_t begin, std::vector<WordPiece>& pieces) {
  for (const Part& part : rule) {
    pieces.push_back({begin, part.size, false, part.has_norm ? &part.norm : nullptr});
    begin += part.size;
  }
}

std::string_view text_of(std::string_view text, const WordPiece& piece) {
  return text.substr(piece.begin, piece.size);
}

std::uint32_t size32(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

}  // namespace

WordTokenizer::WordTokenizer(PythonRegex prefix, PythonRegex suffix, PythonRegex infix, PythonRegex url)
    : prefix_(std::move(prefix)),
      suffix_(std::move(suffix)),
      infix_(std::move(infix)),
      url_(std::move(url)) {}

WordTokenizer WordTokenizer::load(const std::filesystem::path& file) {
  std::optional<WordTokenizer> result;
  read_msgpack_file(file, "reading tokenizer rules", [&](const MsgpackValue& root) {
    const auto pattern = [&](std::string_view key) { return PythonRegex(root.at(key).text()); };
    if (const auto* token_match = root.find("token_match"); token_match && !token_match->is_nil())
      throw MalformedValue("'token_match' is not supported");
    result = WordTokenizer(pattern("prefix_search"), pattern("suffix_search"), pattern("infix_finditer"),
                           pattern("url_match"));
    for (const auto& [key, parts] : root.at("exceptions").map()) {
      Rule rule;
      std::string joined;
      for (const MsgpackValue& part : parts.array()) {
        const MsgpackValue* orth = part.find(kOrth);
        if (orth == nullptr || orth->text().empty()) throw MalformedValue("a special case without text");
        const MsgpackValue* norm = part.find(kNorm);
        rule.push_back({size32(orth->text()), std::string(norm ? norm->text() : ""), norm != nullptr});
        joined += orth->text();
      }
      if (joined != key.text())
        throw MalformedValue(fmt::format("special case '{}' is split into '{}'", key.text(), joined));
      result->rules_.emplace(key.text(), std::move(rule));
    }
    result->build_trie();
  });
  return std::move(*result);
}

std::vector<WordPiece> WordTokenizer::split(std::string_view text, Cache& cache) const {
  std::vector<WordPiece> pieces;
  pieces.reserve(text.size() / 4);
  if (cache.chunks_.size() > Cache::kMaxChunks) cache.chunks_.clear();
  for_each_chunk(text, pieces, [&](std::string_view chunk, std::uint32_t begin) {
    auto found = cache.chunks_.find(chunk);
    if (found == cache.chunks_.end()) {
      std::vector<WordPiece> split;
      split_chunk(chunk, 0, true, split);
      found = cache.chunks_.emplace(chunk, std::move(split)).first;
    }
    for (WordPiece piece : found->second) {
      piece.begin += begin;
      pieces.push_back(piece);
    }
  });
  rejoin_special_cases(text, pieces);
  return pieces;
}

/// Calls emit(chunk, begin) for the runs of white space and of other characters; a single space after a run
/// of other characters belongs to no chunk and sets `space_after` of the last piece.
template <class EmitChunk>
void WordTokenizer::for_each_chunk(std::string_view text, std::vector<WordPiece>& pieces,
                                   const EmitChunk& emit) {
  if (text.empty()) return;
  bool in_space = is_python_space(code_point_at(text, 0).value);
  std::size_t start = 0;
  char32_t last = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    if (is_python_space(c.value) != in_space) {
      if (start < i) emit(text.substr(start, i - start), static_cast<std::uint32_t>(start));
      start = i;
      if (c.value == U' ') {
        pieces.back().space_after = true;
        start = i + 1;
      }
      in_space = !in_space;
    }
    last = c.value;
    i += c.size;
  }
  if (start == text.size()) return;
  emit(text.substr(start), static_cast<std::uint32_t>(start));
  pieces.back().space_after = last == U' ' && !in_space;
}

const WordTokenizer::Rule* WordTokenizer::special_case(std::string_view text) const {
  const auto found = rules_.find(text);
  return found == rules_.end() ? nullptr : &found->second;
}

std::size_t WordTokenizer::prefix_length(std::string_view text) const {
  const auto match = prefix_.search(text);
  return match ? match->end - match->begin : 0;
}

std::size_t WordTokenizer::suffix_length(std::string_view text) const {
  const auto match = suffix_.search(text);
  return match ? match->end - match->begin : 0;
}

void WordTokenizer::split_chunk(std::string_view chunk, std::uint32_t begin, bool use_rules,
                                std::vector<WordPiece>& pieces) const {
  const auto is_special = [&](std::string_view text) { return use_rules && special_case(text) != nullptr; };
  // [core_begin, core_end) shrinks as prefixes and suffixes are taken off; their sizes are kept.
  std::size_t core_begin = 0;
  std::size_t core_end = chunk.size();
  std::vector<std::uint32_t> suffixes;
  const auto take_prefix = [&](std::size_t size) {
    pieces.push_back(
        {begin + static_cast<std::uint32_t>(core_begin), static_cast<std::uint32_t>(size), false, nullptr});
    core_begin += size;
  };
  const auto take_suffix = [&](std::size_t size) {
    suffixes.push_back(static_cast<std::uint32_t>(size));
    core_end -= size;
  };
  for (std::size_t last_size = 0; core_end > core_begin && core_end - core_begin != last_size;) {
    const auto core = chunk.substr(core_begin, core_end - core_begin);
    if (is_special(core)) break;
    last_size = core.size();
    const std::size_t prefix = prefix_length(core);
    if (prefix > 0 && prefix < core.size() && is_special(core.substr(prefix))) {
      take_prefix(prefix);
      break;
    }
    const std::size_t suffix = suffix_length(core.substr(prefix));
    if (suffix > 0 && suffix < core.size() && is_special(core.substr(0, core.size() - suffix))) {
      take_suffix(suffix);
      break;
    }
    if (prefix > 0) take_prefix(prefix);
    if (suffix > 0 && (prefix == 0 || prefix + suffix <= core.size())) take_suffix(suffix);
  }
  split_core(chunk.substr(core_begin, core_end - core_begin), begin + static_cast<std::uint32_t>(core_begin),
             use_rules, pieces);
  std::uint32_t suffix_begin = begin + static_cast<std::uint32_t>(core_end);
  for (auto size = suffixes.rbegin(); size != suffixes.rend(); ++size) {
    pieces.push_back({suffix_begin, *size, false, nullptr});
    suffix_begin += *size;
  }
}

void WordTokenizer::split_core(std::string_view core, std::uint32_t begin, bool use_rules,
                               std::vector<WordPiece>& pieces) const {
  if (core.empty()) return;
  if (const Rule* rule = use_rules ? special_case(core) : nullptr) return append_rule(*rule, begin, pieces);
  std::size_t start = 0;
  const auto emit = [&](std::size_t end) {
    if (end > start)
      pieces.push_back({begin + static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start),
                        false, nullptr});
    start = end;
  };
  if (const auto url = url_.search(core); url && url->begin == 0) return emit(core.size());
  for (std::size_t position = 0; position < core.size();) {
    const auto match = infix_.search(core, position);
    if (!match || match->begin == core.size()) break;
    if (match->begin > 0) {
      emit(match->begin);
      emit(match->end);
    }
    // An empty match moves on by a whole character.
    position = match->end > match->begin ? match->end : match->end + code_point_at(core, match->begin).size;
  }
  emit(core.size());
}

/// spaCy's `faster_heuristics`: only special cases with something to split inside can appear split up.
bool WordTokenizer::may_need_rejoining(std::string_view special) const {
  return prefix_length(special) > 0 || infix_.search(special) || suffix_length(special) > 0 ||
         special.find(' ') != special.npos;
}

void WordTokenizer::build_trie() {
  for (const auto& [special, rule] : rules_) {
    if (!may_need_rejoining(special)) continue;
    std::vector<WordPiece> pieces;
    for_each_chunk(special, pieces, [&](std::string_view chunk, std::uint32_t begin) {
      split_chunk(chunk, begin, false, pieces);
    });
    std::uint32_t node = 0;
    for (const WordPiece& piece : pieces) {
      const auto next = static_cast<std::uint32_t>(trie_.size());
      const auto [child, is_new] =
          trie_[node].children.try_emplace(std::string(text_of(special, piece)), next);
      node = child->second;
      if (is_new) trie_.emplace_back();
    }
    trie_[node].is_end = true;
  }
}

/// Where the pieces spell a special case, longest first; a span blocks its pieces even when it is itself
/// blocked.
std::vector<WordTokenizer::Span> WordTokenizer::special_spans(std::string_view text,
                                                              const std::vector<WordPiece>& pieces) const {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::uint32_t node = 0;
    for (std::size_t j = i; j < pieces.size(); ++j) {
      const auto child = trie_[node].children.find(text_of(text, pieces[j]));
      if (child == trie_[node].children.end()) break;
      node = child->second;
      if (trie_[node].is_end) spans.push_back({i, j + 1});
    }
  }
  if (spans.empty()) return spans;
  std::ranges::sort(spans, [](const Span& a, const Span& b) {
    const auto length_a = a.end - a.begin;
    const auto length_b = b.end - b.begin;
    return length_a != length_b ? length_a > length_b : a.begin < b.begin;
  });
  std::vector<bool> seen(pieces.size());
  std::erase_if(spans, [&](const Span& span) {
    const bool blocked = seen[span.begin] || seen[span.end - 1];
    std::fill(seen.begin() + static_cast<std::ptrdiff_t>(span.begin),
              seen.begin() + static_cast<std::ptrdiff_t>(span.end), true);
    return blocked;
  });
  std::ranges::sort(spans, {}, &Span::begin);
  return spans;
}

void WordTokenizer::rejoin_special_cases(std::string_view text, std::vector<WordPiece>& pieces) const {
  const std::vector<Span> spans = special_spans(text, pieces);
  if (spans.empty()) return;
  std::vector<WordPiece> result;
  result.reserve(pieces.size());
  std::size_t done = 0;
  const auto copy_up_to = [&](std::size_t end) {
    result.insert(result.end(), pieces.begin() + static_cast<std::ptrdiff_t>(done),
                  pieces.begin() + static_cast<std::ptrdiff_t>(end));
    done = end;
  };
  for (const Span& span : spans) {
    const WordPiece& first = pieces[span.begin];
    const WordPiece& last = pieces[span.end - 1];
    const Rule* rule = special_case(text.substr(first.begin, last.begin + last.size - first.begin));
    if (rule == nullptr) continue;
    copy_up_to(span.begin);
    append_rule(*rule, first.begin, result);
    result.back().space_after = last.space_after;
    done = span.end;
  }
  copy_up_to(pieces.size());
  pieces = std::move(result);
}

}  // namespace conceptune::words
