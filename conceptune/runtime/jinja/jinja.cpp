#include "conceptune/runtime/jinja/jinja.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/jinja_lexer.h"
#include "conceptune/runtime/jinja/jinja_parser.h"

namespace conceptune::jinja {
namespace {

using Block = std::vector<JinjaStatement>;

void run(const Block& block, JinjaContext& context) {
  for (const auto& statement : block) statement(context);
}

void write(std::string_view text, JinjaContext& context) {
  if (context.output.size() + text.size() > JinjaTemplate::kMaxOutputBytes)
    throw InputError("rendering chat template", "output",
                     fmt::format("more than {} bytes", JinjaTemplate::kMaxOutputBytes));
  context.output += text;
}

/// What `loop` is in a round.
Json loop_variable(std::size_t index, std::size_t length) {
  return {{"index", index + 1},
          {"index0", index},
          {"revindex", length - index},
          {"first", index == 0},
          {"last", index + 1 == length},
          {"length", length},
          {"revindex0", length - index - 1}};
}

struct ForLoop {
  std::vector<std::string> variables;  // several take an item apart
  JinjaExpression list;
  std::optional<JinjaExpression> condition;
  Block body, otherwise;

  void operator()(JinjaContext& context) const {
    const auto items = selected(context);
    if (items.empty()) return run(otherwise, context);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (++context.steps > JinjaTemplate::kMaxSteps)
        throw InputError("rendering chat template", "for", "too many rounds");
      context.scopes.push_back(scope_of(items[i]));
      context.set("loop", jinja_value(loop_variable(i, items.size())));
      run(body, context);
      context.scopes.pop_back();
    }
  }

 private:
  std::map<std::string, JinjaValue> scope_of(const JinjaValue& item) const {
    if (variables.size() == 1) return {{variables[0], item}};
    if (!item->is_array() || item->size() != variables.size())
      throw InputError("rendering chat template", "for",
                       fmt::format("expected lists of {}", variables.size()));
    std::map<std::string, JinjaValue> scope;
    for (std::size_t i = 0; i < variables.size(); ++i) scope[variables[i]] = JinjaValue(item, &(*item)[i]);
    return scope;
  }

  std::vector<JinjaValue> selected(JinjaContext& context) const {
    const auto value = list(context);
    if (!value) return {};
    if (!value->is_array()) throw InputError("rendering chat template", "for", "expected a list");
    std::vector<JinjaValue> items;
    for (const auto& element : *value) {
      JinjaValue item(value, &element);
      if (condition) {
        context.scopes.push_back(scope_of(item));
        const bool is_wanted = is_true((*condition)(context));
        context.scopes.pop_back();
        if (!is_wanted) continue;
      }
      items.push_back(std::move(item));
    }
    return items;
  }
};

/// Builds statements from the parts, block by block.
class TemplateParser {
 public:
  explicit TemplateParser(std::vector<JinjaPart> parts) : parts_(std::move(parts)) {}

  Block run() {
    auto block = parse_block({});
    if (position_ < parts_.size()) fail(keyword(parts_[position_]));
    return block;
  }

 private:
  [[noreturn]] static void fail(const std::string& tag) {
    throw InputError("reading chat template", "statement", fmt::format("'{}' is not supported here", tag));
  }

  static std::string keyword(const JinjaPart& part) { return part.tokens[0].text; }

  /// Statements up to a tag with one of the names, which is left for the caller, or to the end.
  Block parse_block(const std::vector<std::string_view>& ends) {
    if (++depth_ > JinjaTemplate::kMaxDepth)
      throw InputError("reading chat template", "statement", "blocks nested too deeply");
    Block block;
    while (position_ < parts_.size()) {
      const auto& part = parts_[position_];
      if (part.kind == JinjaPart::Kind::statement && std::ranges::count(ends, keyword(part))) break;
      ++position_;
      if (auto statement = parse_part(part)) block.push_back(std::move(*statement));
    }
    --depth_;
    return block;
  }

  std::optional<JinjaStatement> parse_part(const JinjaPart& part) {
    if (part.kind == JinjaPart::Kind::text)
      return [text = part.text](JinjaContext& context) { write(text, context); };
    JinjaExpressionParser words(part.tokens);
    if (part.kind == JinjaPart::Kind::output) {
      auto value = words.expression();
      words.expect_end();
      return [value = std::move(value)](JinjaContext& context) { write(text_of(value(context)), context); };
    }
    if (words.take_name("if")) return parse_if(words);
    if (words.take_name("for")) return parse_for(words);
    if (words.take_name("set")) return parse_set(words);
    // Marks what the assistant says, for training masks; nothing to render.
    if (words.take_name("generation") || words.take_name("endgeneration")) return std::nullopt;
    fail(keyword(part));
  }

  /// The next part, which must be the tag `name`.
  void expect_tag(const std::string& name) {
    if (position_ == parts_.size())
      throw InputError("reading chat template", "statement", fmt::format("'{}' is missing", name));
    if (keyword(parts_[position_]) != name) fail(keyword(parts_[position_]));
    ++position_;
  }

  JinjaStatement parse_if(JinjaExpressionParser& words) {
    auto condition = words.expression();
    words.expect_end();
    Block then = parse_block({"elif", "else", "endif"});
    Block otherwise;
    if (position_ < parts_.size() && keyword(parts_[position_]) == "elif") {
      JinjaExpressionParser next(parts_[position_++].tokens);
      next.expect_name("elif");
      if (++depth_ > JinjaTemplate::kMaxDepth) fail("elif");
      otherwise.push_back(parse_if(next));  // takes the endif
      --depth_;
    } else {
      if (position_ < parts_.size() && keyword(parts_[position_]) == "else") {
        ++position_;
        otherwise = parse_block({"endif"});
      }
      expect_tag("endif");
    }
    return [condition = std::move(condition), then = std::move(then),
            otherwise = std::move(otherwise)](JinjaContext& context) {
      jinja::run(is_true(condition(context)) ? then : otherwise, context);
    };
  }

  JinjaStatement parse_for(JinjaExpressionParser& words) {
    ForLoop loop;
    do loop.variables.push_back(words.name());
    while (words.take_sign(","));
    words.expect_name("in");
    loop.list = words.disjunction();
    if (words.take_name("if")) loop.condition = words.expression();
    words.expect_end();
    loop.body = parse_block({"else", "endfor"});
    if (position_ < parts_.size() && keyword(parts_[position_]) == "else") {
      ++position_;
      loop.otherwise = parse_block({"endfor"});
    }
    expect_tag("endfor");
    return loop;
  }

  JinjaStatement parse_set(JinjaExpressionParser& words) {
    const auto name = words.name();
    const auto member = words.take_sign(".") ? words.name() : std::string();
    words.expect_sign("=");
    auto value = words.expression();
    words.expect_end();
    return [name, member, value = std::move(value)](JinjaContext& context) {
      auto result = value(context);
      if (member.empty()) return context.set(name, std::move(result));
      context.set_member(name, member, result);
    };
  }

  std::vector<JinjaPart> parts_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

struct JinjaTemplate::Body {
  Block statements;
};

JinjaTemplate::JinjaTemplate(std::string_view source) {
  if (const auto invalid = first_invalid_utf8(source))
    throw InputError("reading chat template", fmt::format("byte {}", *invalid), "not valid UTF-8");
  body_ = std::make_unique<const Body>(Body{TemplateParser(lex_jinja(source)).run()});
}

JinjaTemplate::~JinjaTemplate() = default;

std::string JinjaTemplate::render(const std::map<std::string, Json>& variables) const {
  JinjaContext context;
  context.scopes.emplace_back();
  for (const auto& [name, value] : variables) context.set(name, jinja_value(value));
  run(body_->statements, context);
  return std::move(context.output);
}

}  // namespace conceptune::jinja
