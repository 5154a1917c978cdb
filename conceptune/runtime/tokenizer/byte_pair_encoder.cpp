#include "conceptune/runtime/tokenizer/byte_pair_encoder.h"

#include <bit>
#include <queue>

namespace conceptune::tokenizer {
namespace {

constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
constexpr std::uint32_t kNone = ~std::uint32_t{0};
/// Up to here scanning for the lowest rank is faster than keeping a queue.
constexpr std::size_t kScannedSymbols = 48;

std::uint64_t pair_of(TokenId left, TokenId right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
}

/// Fibonacci hashing: the upper half of the product is well mixed.
std::size_t hash_of(std::uint64_t pair) { return (pair * 0x9E3779B97F4A7C15u) >> 32; }

}  // namespace

/// One token of a piece in the making; a doubly linked list in an array.
struct BytePairEncoder::Symbol {
  TokenId id;
  std::uint32_t begin, end;
  std::uint32_t previous, next;
  std::uint32_t rank;  // of the merge with the next symbol
};

BytePairEncoder::BytePairEncoder(const Vocabulary& vocabulary, const std::vector<Merge>& merges,
                                 MergeOptions options)
    : vocabulary_(vocabulary),
      options_(options),
      slots_(std::bit_ceil(2 * merges.size() + 1)),
      merges_to_itself_(new std::atomic<Answer>[vocabulary.size()]()) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const auto pair = pair_of(merges[rank].left, merges[rank].right);
    std::size_t i = hash_of(pair) & mask;
    while (slots_[i].pair != kNoPair && slots_[i].pair != pair) i = (i + 1) & mask;
    if (slots_[i].pair == kNoPair) slots_[i] = {pair, static_cast<std::uint32_t>(rank), merges[rank].merged};
  }
  for (int byte = 0; byte < 256; ++byte) {
    const char text = static_cast<char>(byte);
    token_of_byte_[byte] = vocabulary.find({&text, 1});
  }
}

const BytePairEncoder::MergeSlot* BytePairEncoder::find(TokenId left, TokenId right) const {
  if (left < 0 || right < 0) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  const auto pair = pair_of(left, right);
  for (std::size_t i = hash_of(pair) & mask; slots_[i].pair != kNoPair; i = (i + 1) & mask)
    if (slots_[i].pair == pair) return &slots_[i];
  return nullptr;
}

void BytePairEncoder::encode(std::string_view piece, std::uint32_t offset,
                             std::vector<EncodedPart>& parts) const {
  const TokenId whole = vocabulary_.find(piece);
  if (whole >= 0 && (options_.whole_pieces_first || merges_to_itself(whole))) {
    parts.push_back({whole, offset, offset + static_cast<std::uint32_t>(piece.size())});
    return;
  }
  for (const auto& symbol : merged_symbols(piece))
    if (symbol.id >= 0) parts.push_back({symbol.id, offset + symbol.begin, offset + symbol.end});
}

bool BytePairEncoder::merges_to_itself(TokenId id) const {
  auto& answer = merges_to_itself_[static_cast<std::size_t>(id)];
  if (answer.load(std::memory_order_relaxed) == Answer::unknown) {
    const auto symbols = merged_symbols(vocabulary_.bytes(id));
    const bool same = symbols.size() == 1 && symbols[0].id == id;
    answer.store(same ? Answer::yes : Answer::no, std::memory_order_relaxed);
  }
  return answer.load(std::memory_order_relaxed) == Answer::yes;
}

std::vector<BytePairEncoder::Symbol> BytePairEncoder::symbols_of(std::string_view piece) const {
  std::vector<Symbol> symbols;
  symbols.reserve(piece.size());
  for (std::uint32_t i = 0; i < piece.size(); ++i) {
    const TokenId id = token_of_byte_[static_cast<unsigned char>(piece[i])];
    if (id < 0 && options_.skip_unknown_bytes) continue;
    const auto index = static_cast<std::uint32_t>(symbols.size());
    // Hugging Face counts the bytes of a piece without those that vanished.
    const auto begin = options_.skip_unknown_bytes ? index : i;
    symbols.push_back({id, begin, begin + 1, index == 0 ? kNone : index - 1, index + 1, kNoRank});
  }
  if (!symbols.empty()) symbols.back().next = kNone;
  for (std::size_t i = 0; i < symbols.size(); ++i) symbols[i].rank = rank_at(symbols, i);
  return symbols;
}

std::uint32_t BytePairEncoder::rank_at(const std::vector<Symbol>& symbols, std::size_t left) const {
  if (symbols[left].next == kNone) return kNoRank;
  const auto* merge = find(symbols[left].id, symbols[symbols[left].next].id);
  return merge ? merge->rank : kNoRank;
}

/// Joins the symbol with its next one, which is then empty (begin == end), and ranks the new pairs.
void BytePairEncoder::merge_at(std::vector<Symbol>& symbols, std::size_t left) const {
  auto& symbol = symbols[left];
  auto& gone = symbols[symbol.next];
  symbol.id = find(symbol.id, gone.id)->merged;
  symbol.end = gone.end;
  gone.begin = gone.end;
  gone.rank = kNoRank;
  symbol.next = gone.next;
  if (symbol.next != kNone) symbols[symbol.next].previous = static_cast<std::uint32_t>(left);
  symbol.rank = rank_at(symbols, left);
  if (symbol.previous != kNone) symbols[symbol.previous].rank = rank_at(symbols, symbol.previous);
}

void BytePairEncoder::merge_by_scanning(std::vector<Symbol>& symbols) const {
  while (true) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < symbols.size(); ++i)
      if (symbols[i].rank < symbols[best].rank) best = i;
    if (symbols[best].rank == kNoRank) return;
    merge_at(symbols, best);
  }
}

void BytePairEncoder::merge_by_queue(std::vector<Symbol>& symbols) const {
  // Rank above, position below: the smallest is the next merge. An entry is stale when the rank has changed.
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue;
  const auto push = [&](std::size_t i) {
    if (symbols[i].rank != kNoRank) queue.push(static_cast<std::uint64_t>(symbols[i].rank) << 32 | i);
  };
  for (std::size_t i = 0; i < symbols.size(); ++i) push(i);
  while (!queue.empty()) {
    const auto left = static_cast<std::uint32_t>(queue.top());
    const auto rank = static_cast<std::uint32_t>(queue.top() >> 32);
    queue.pop();
    if (symbols[left].rank != rank) continue;
    merge_at(symbols, left);
    push(left);
    if (symbols[left].previous != kNone) push(symbols[left].previous);
  }
}

std::vector<BytePairEncoder::Symbol> BytePairEncoder::merged_symbols(std::string_view piece) const {
  auto symbols = symbols_of(piece);
  if (symbols.empty()) return symbols;
  if (symbols.size() <= kScannedSymbols) {
    merge_by_scanning(symbols);
  } else {
    merge_by_queue(symbols);
  }
  std::erase_if(symbols, [](const Symbol& symbol) { return symbol.begin == symbol.end; });
  return symbols;
}

}  // namespace conceptune::tokenizer
