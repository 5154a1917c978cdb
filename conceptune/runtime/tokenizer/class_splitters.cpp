// The splitters that cut out characters by their class.
#include "conceptune/runtime/tokenizer/splitter.h"
#include "conceptune/runtime/tokenizer/unicode_class.h"

namespace conceptune::tokenizer {
namespace {

/// Cuts out what `Matches` accepts, in runs or each character by itself.
template <class Matches>
class ClassSplitter : public Splitter {
 public:
  ClassSplitter(std::string name, bool each_by_itself)
      : name_(std::move(name)), each_by_itself_(each_by_itself) {}

  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    const auto* classes = character_classes();
    bool inside = false;
    for (std::uint32_t position = begin; position < end;) {
      const auto [kind, size] = character_at(text, position, classes);
      const bool matches = Matches::holds(kind, text[position]);
      if (position > begin && (matches != inside || (matches && each_by_itself_))) ends.push_back(position);
      inside = matches;
      position += size;
    }
    ends.push_back(end);
  }

  std::string description() const override { return name_ + (each_by_itself_ ? " each" : " runs"); }

 private:
  std::string name_;
  bool each_by_itself_;
};

struct IsNumber {
  static bool holds(CharacterClass kind, char) { return kind == CharacterClass::number; }
};

struct IsPunctuation {
  static bool holds(CharacterClass kind, char first_byte) {
    return kind == CharacterClass::punctuation ||
           (kind == CharacterClass::other &&
            std::string_view("$+<=>^`|~").find(first_byte) != std::string_view::npos);
  }
};

class ByteNumberSplitter : public Splitter {
 public:
  explicit ByteNumberSplitter(bool each_by_itself) : each_by_itself_(each_by_itself) {}

  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    bool inside = false;
    for (std::uint32_t position = begin; position < end; ++position) {
      const bool matches = kBytes.find(text[position]) != std::string_view::npos;
      if (position > begin && (matches != inside || (matches && each_by_itself_))) ends.push_back(position);
      inside = matches;
    }
    ends.push_back(end);
  }

  std::string description() const override {
    return std::string("byte numbers") + (each_by_itself_ ? " each" : " runs");
  }

 private:
  // The alphabet writes these bytes as themselves in Latin-1: digits, ² ³ ¹ ¼ ½ ¾.
  static constexpr std::string_view kBytes = "0123456789\xB2\xB3\xB9\xBC\xBD\xBE";

  bool each_by_itself_;
};

class ThreeDigitSplitter : public Splitter {
 public:
  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    const auto is_digit = [&](std::uint32_t i) { return text[i] >= '0' && text[i] <= '9'; };
    std::uint32_t piece = begin;
    for (std::uint32_t i = begin; i + 3 <= end;) {
      if (!is_digit(i) || !is_digit(i + 1) || !is_digit(i + 2)) {
        ++i;
        continue;
      }
      if (i > piece) ends.push_back(i);
      i += 3;
      ends.push_back(i);
      piece = i;
    }
    if (piece < end) ends.push_back(end);
  }

  std::string description() const override { return "three digits"; }
};

}  // namespace

std::unique_ptr<Splitter> number_splitter(bool each_by_itself) {
  return std::make_unique<ClassSplitter<IsNumber>>("numbers", each_by_itself);
}

std::unique_ptr<Splitter> byte_number_splitter(bool each_by_itself) {
  return std::make_unique<ByteNumberSplitter>(each_by_itself);
}

std::unique_ptr<Splitter> punctuation_splitter(bool each_by_itself) {
  return std::make_unique<ClassSplitter<IsPunctuation>>("punctuation", each_by_itself);
}

std::unique_ptr<Splitter> three_digit_splitter() { return std::make_unique<ThreeDigitSplitter>(); }

}  // namespace conceptune::tokenizer
