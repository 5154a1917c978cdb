#include "conceptune/runtime/jinja/template.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/parser.h"

namespace conceptune::jinja {
namespace {

ParsedTemplate parse(std::string_view source) {
  constexpr std::string_view kDoing = "reading chat template";
  if (source.size() > kMaxSourceBytes)
    throw InputError(kDoing, fmt::format("{} bytes", source.size()),
                     fmt::format("expected at most {}", kMaxSourceBytes));
  if (const auto invalid = first_invalid_utf8(source))
    throw InputError(kDoing, fmt::format("byte {}", *invalid), "not valid UTF-8");
  return Parser(source).parse();
}

}  // namespace

struct Template::Parsed {
  ParsedTemplate content;
};

Template::Template(std::string_view source)
    : parsed_(std::make_unique<const Parsed>(Parsed{parse(source)})) {}

Template::~Template() = default;

std::string Template::render(const std::map<std::string, Json>& variables) const {
  Rendering rendering;
  for (const auto& [name, value] : variables) rendering.scope->set(name, value_of(rendering.budget, value));
  const EnteredScope entered(rendering, *parsed_->content.frame);
  run(parsed_->content.body, rendering);
  return std::string(rendering.output);
}

}  // namespace conceptune::jinja
