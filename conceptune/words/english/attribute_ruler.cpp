#include "conceptune/words/english/attribute_ruler.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/words/english/msgpack.h"

namespace conceptune::words {

/// Builds the rules of a ruler from the file's value.
class AttributeRuler::Reader {
 public:
  explicit Reader(AttributeRuler& ruler) : ruler_(ruler) {}

  void read(const MsgpackValue& root) {
    for (const MsgpackValue& rule : root.array()) {
      const auto verdict = read_verdict(rule.at("attrs"));
      if (!verdict.pos && !verdict.tag && !verdict.dependency) continue;
      const std::int64_t target = rule.at("index").integer();
      for (const MsgpackValue& pattern : rule.at("patterns").array()) read_pattern(pattern, target, verdict);
    }
  }

 private:
  Verdict read_verdict(const MsgpackValue& attributes) {
    Verdict verdict;
    if (const auto* pos = attributes.find("POS")) {
      verdict.pos = part_of_speech_named(pos->text());
      if (!verdict.pos) throw MalformedValue(fmt::format("unknown part of speech '{}'", pos->text()));
    }
    if (const auto* tag = attributes.find("TAG")) verdict.tag = intern(tag->text());
    if (const auto* dependency = attributes.find("DEP")) verdict.dependency = intern(dependency->text());
    return verdict;
  }

  void read_pattern(const MsgpackValue& pattern, std::int64_t target, const Verdict& verdict) {
    Rule rule{{}, static_cast<std::size_t>(target), verdict};
    for (const MsgpackValue& token : pattern.array()) {
      TokenPattern conditions;
      for (const auto& [attribute, value] : token.map())
        conditions.push_back(read_condition(attribute.text(), value));
      rule.tokens.push_back(std::move(conditions));
    }
    if (target < 0 || rule.target >= rule.tokens.size())
      throw MalformedValue("a rule about a token outside its pattern");
    ruler_.rules_.push_back(std::move(rule));
  }

  Condition read_condition(std::string_view name, const MsgpackValue& value) {
    if (name == "IS_SPACE") return {Attribute::is_space, !value.boolean(), {}};
    Condition condition{attribute_named(name), false, {}};
    if (value.is_text()) {
      condition.values.push_back(symbol_of(value.text()));
      return condition;
    }
    for (const auto& [operation, values] : value.map()) {
      if (!condition.values.empty() || (operation.text() != "IN" && operation.text() != "NOT_IN"))
        throw MalformedValue(fmt::format("unsupported condition '{}' on {}", operation.text(), name));
      condition.negated = operation.text() == "NOT_IN";
      for (const MsgpackValue& item : values.array()) condition.values.push_back(symbol_of(item.text()));
    }
    return condition;
  }

  static Attribute attribute_named(std::string_view name) {
    if (name == "TAG") return Attribute::tag;
    if (name == "LOWER") return Attribute::lower;
    if (name == "DEP") return Attribute::dependency;
    throw MalformedValue(fmt::format("a rule on the unsupported attribute '{}'", name));
  }

  Symbol symbol_of(std::string_view text) {
    intern(text);
    return ruler_.symbol(text);
  }

  /// The text as the ruler keeps it, with a symbol of its own.
  std::string_view intern(std::string_view text) {
    if (ruler_.symbols_.size() >= UINT16_MAX) throw MalformedValue("too many words in rules");
    const auto next = static_cast<Symbol>(ruler_.symbols_.size() + 1);
    return ruler_.symbols_.try_emplace(std::string(text), next).first->first;
  }

  AttributeRuler& ruler_;
};

AttributeRuler AttributeRuler::load(const std::filesystem::path& file) {
  AttributeRuler ruler;
  read_msgpack_file(file, "reading attribute rules",
                    [&](const MsgpackValue& root) { Reader(ruler).read(root); });
  ruler.index_rules_by_tag();
  return ruler;
}

AttributeRuler::Symbol AttributeRuler::symbol(std::string_view text) const {
  const auto found = symbols_.find(text);
  return found == symbols_.end() ? kUnknown : found->second;
}

bool AttributeRuler::holds(const Condition& condition, const Token& token) {
  Symbol value = kUnknown;
  switch (condition.attribute) {
    case Attribute::tag:
      value = token.tag;
      break;
    case Attribute::lower:
      value = token.lower;
      break;
    case Attribute::dependency:
      value = token.dependency;
      break;
    case Attribute::is_space:
      return token.is_space != condition.negated;
  }
  return (std::ranges::find(condition.values, value) != condition.values.end()) != condition.negated;
}

bool AttributeRuler::matches(const Rule& rule, const std::vector<Token>& tokens, std::size_t position) {
  if (position < rule.target || position - rule.target + rule.tokens.size() > tokens.size()) return false;
  for (std::size_t i = 0; i < rule.tokens.size(); ++i) {
    const Token& token = tokens[position - rule.target + i];
    if (!std::ranges::all_of(rule.tokens[i], [&](const Condition& c) { return holds(c, token); }))
      return false;
  }
  return true;
}

void AttributeRuler::index_rules_by_tag() {
  rules_by_tag_.resize(symbols_.size() + 1);
  for (std::size_t tag = 0; tag < rules_by_tag_.size(); ++tag) {
    const Token token{static_cast<Symbol>(tag), kUnknown, kUnknown, false};
    const auto allows = [&](const Condition& c) { return c.attribute != Attribute::tag || holds(c, token); };
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule)
      if (std::ranges::all_of(rule->tokens[rule->target], allows)) rules_by_tag_[tag].push_back(&*rule);
  }
}

AttributeRuler::Verdict AttributeRuler::judge(const std::vector<Token>& tokens, std::size_t position) const {
  Verdict verdict;
  for (const Rule* rule : rules_by_tag_[tokens[position].tag]) {
    if (verdict.pos && (!rule->verdict.tag || verdict.tag) &&
        (!rule->verdict.dependency || verdict.dependency))
      continue;  // nothing left for this rule to say
    if (!matches(*rule, tokens, position)) continue;
    if (!verdict.pos) verdict.pos = rule->verdict.pos;
    if (!verdict.tag) verdict.tag = rule->verdict.tag;
    if (!verdict.dependency) verdict.dependency = rule->verdict.dependency;
  }
  return verdict;
}

}  // namespace conceptune::words
