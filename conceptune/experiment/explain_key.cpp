#include "conceptune/experiment/explain_key.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {
namespace {

/// Whether `key` is the name of the field's section, or its last name.
bool stands_for(std::string_view key, const ConfigField& field) {
  const std::string section = std::string(key) + ".";
  return field.key.starts_with(section) || field.key.substr(field.key.rfind('.') + 1) == key;
}

std::string explained(const ConfigField& field) {
  return fmt::format("{} = {}\n  {}\n  expected: {}; decides: {}\n", field.key,
                     to_toml_literal(field.value()), field.description, field.expected,
                     name_of(field.decides));
}

}  // namespace

std::string explain_key(std::string_view key) {
  RunConfig defaults;
  EvaluationCorpus corpus;
  QuestionSettings question;
  auto fields = list_fields(defaults);
  append_fields(corpus, "corpora.", fields);
  append_fields(question, "questions.", fields);
  std::string text;
  if (const ConfigField* exact = find_field(fields, key))
    text = explained(*exact);
  else
    for (const auto& field : fields)
      if (stands_for(key, field)) text += (text.empty() ? "" : "\n") + explained(field);
  if (text.empty()) throw InputError("explaining", "--keys", unknown_key_message(fields, key));
  text.pop_back();  // the line feed that a terminal adds
  return text;
}

}  // namespace conceptune::experiment
