#include "conceptune/options/config_field.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/file_name.h"
#include "conceptune/base/visible_text.h"

namespace conceptune::experiment {
namespace {

std::string_view section_of(std::string_view key) {
  const auto dot = key.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view name_in_section(std::string_view key) {
  const auto dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

/// The sections in the order in which they first appear, the unnamed one first.
std::vector<std::string> sections_of(const std::vector<ConfigField>& fields) {
  std::vector<std::string> sections = {""};
  for (const auto& field : fields) {
    const std::string section(section_of(field.key));
    if (std::find(sections.begin(), sections.end(), section) == sections.end()) sections.push_back(section);
  }
  return sections;
}

/// A vertical bar would end a cell of a Markdown table.
std::string escaped_cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

const ConfigField* find_field(const std::vector<ConfigField>& fields, std::string_view key) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

std::string unknown_key_message(const std::vector<ConfigField>& fields, std::string_view key) {
  std::vector<std::string> keys;
  keys.reserve(fields.size());
  for (const auto& field : fields) keys.push_back(field.key);
  std::string suggestion = nearest_name(key, keys);
  if (suggestion.empty()) {
    const auto same_name = std::find_if(keys.begin(), keys.end(), [&](const auto& candidate) {
      return name_in_section(candidate) == name_in_section(key);
    });
    if (same_name != keys.end()) suggestion = *same_name;
  }
  if (suggestion.empty()) return fmt::format("unknown key '{}'", key);
  return fmt::format("unknown key '{}', did you mean '{}'?", key, suggestion);
}

std::string to_toml_literal(const Json& value) {
  // TOML's strings, numbers and booleans are JSON's, but that it wants DEL escaped too.
  if (!value.is_array()) return visible_text(to_json_text(value));
  std::string text;
  for (const auto& item : value) text += (text.empty() ? "" : ", ") + to_toml_literal(item);
  return "[" + text + "]";
}

std::string fields_to_toml(const std::vector<ConfigField>& fields) {
  std::string toml;
  for (const auto& section : sections_of(fields)) {
    if (!section.empty()) toml += fmt::format("\n[{}]\n", section);
    for (const auto& field : fields) {
      if (section_of(field.key) != section) continue;
      toml += fmt::format("{} = {}\n", name_in_section(field.key), to_toml_literal(field.value()));
    }
  }
  return toml;
}

std::string setting_label(const std::string& key, const Json& value) {
  std::string name = key.substr(key.rfind('.') + 1);
  if (name == "concept_weight") name = "λ";
  if (value.is_string()) return name + " " + file_label(value.get<std::string>());
  if (!value.is_array()) return name + " " + to_json_text(value);
  std::string text;
  for (const auto& item : value) {
    std::string label = item.is_string() ? file_label(item.get<std::string>()) : to_json_text(item);
    if (item.is_string()) label = label.substr(0, label.find('.'));
    text += (text.empty() ? "" : "+") + label;
  }
  return name + " " + text;
}

std::string document_table(const std::vector<ConfigField>& fields) {
  std::string text = "| key | default | expected | meaning |\n|---|---|---|---|\n";
  for (const auto& field : fields)
    text +=
        fmt::format("| `{}` | `{}` | {} | {} |\n", field.key, escaped_cell(to_toml_literal(field.value())),
                    escaped_cell(field.expected), escaped_cell(field.description));
  return text;
}

std::string document_fields(const std::vector<ConfigField>& fields) {
  std::string text;
  for (const auto& section : sections_of(fields)) {
    text += section.empty() ? "## Top level\n\n" : fmt::format("\n## `[{}]`\n\n", section);
    text += "| key | default | expected | decides | meaning |\n|---|---|---|---|---|\n";
    for (const auto& field : fields) {
      if (section_of(field.key) != section) continue;
      text += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", name_in_section(field.key),
                          escaped_cell(to_toml_literal(field.value())), escaped_cell(field.expected),
                          name_of(field.decides), escaped_cell(field.description));
    }
  }
  return text;
}

}  // namespace conceptune::experiment
