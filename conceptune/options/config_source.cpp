#include "conceptune/options/config_source.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <sstream>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading config";

Json scalar_to_json(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  std::ostringstream date;  // a date or time: no field takes one, so its text is only for the message
  node.visit([&](const auto& value) {
    if constexpr (!toml::is_container<decltype(value)>) date << value;
  });
  return Json::object({{"date", date.str()}});
}

Json node_to_json(const toml::node& node) {
  if (const auto* array = node.as_array()) {
    Json list = Json::array();
    for (const auto& item : *array) list.push_back(node_to_json(item));
    return list;
  }
  if (const auto* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = node_to_json(value);
    return object;
  }
  return scalar_to_json(node);
}

class Flattener {
 public:
  explicit Flattener(const fs::path& path) : path_(path) {}

  void add(const std::string& key, const toml::node& node) {
    const auto* table = node.as_table();
    const auto* array = node.as_array();
    if (table && !table->empty()) {
      for (const auto& [name, value] : *table)
        add((key.empty() ? "" : key + ".") + std::string(name.str()), value);
    } else if (array && !array->empty() && array->is_homogeneous(toml::node_type::table)) {
      for (std::size_t i = 0; i < array->size(); ++i) add(fmt::format("{}.{}", key, i), (*array)[i]);
    } else if (!key.empty()) {
      entries_.push_back(
          {node.source().begin.line,
           {key, node_to_json(node), fmt::format("{}, line {}", path_.string(), node.source().begin.line),
            fs::absolute(path_).parent_path()}});
    }
  }

  /// toml++ keeps tables sorted by key; messages are wanted in the order of the file.
  std::vector<ConfigEntry> in_file_order() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    std::vector<ConfigEntry> ordered;
    for (auto& entry : entries_) ordered.push_back(std::move(entry.entry));
    return ordered;
  }

 private:
  struct Located {
    std::uint32_t line;
    ConfigEntry entry;
  };
  const fs::path& path_;
  std::vector<Located> entries_;
};

}  // namespace

std::vector<ConfigEntry> read_config_entries(const fs::path& path) {
  const std::string text = read_file(path, kDoing);
  try {
    const toml::table document = toml::parse(text);
    Flattener flattener(path);
    flattener.add("", document);
    return flattener.in_file_order();
  } catch (const toml::parse_error& error) {
    throw InputError(kDoing, fmt::format("{}, line {}", path.string(), error.source().begin.line),
                     fmt::format("not valid TOML: {}", error.description()));
  }
}

ConfigEntry parse_setting(std::string_view setting) {
  const auto equals = setting.find('=');
  const std::string where = fmt::format("--set {}", setting);
  if (equals == std::string_view::npos || equals == 0)
    throw InputError(kDoing, where, "expected section.key=value");
  const std::string text(setting.substr(equals + 1));
  Json value = text;
  try {
    const toml::table parsed = toml::parse("value = " + text);
    if (parsed.size() == 1) value = node_to_json(*parsed.get("value"));
  } catch (const toml::parse_error&) {
    // Not TOML, so it stays the string it is.
  }
  return {std::string(setting.substr(0, equals)), std::move(value), where, fs::current_path(), text};
}

std::optional<std::string> set_field(const std::vector<ConfigField>& fields, const ConfigEntry& entry) {
  const ConfigField* field = find_field(fields, entry.key);
  if (!field) return unknown_key_message(fields, entry.key);
  if (field->assign(entry.value, entry.folder)) return std::nullopt;
  // "2024" on the command line is a string as it stands where the field is one.
  if (!entry.text.empty() && field->assign(entry.text, entry.folder)) return std::nullopt;
  const bool is_huge = field->is_int32 && entry.value.is_number_integer() &&
                       entry.value.get<double>() > std::numeric_limits<std::int32_t>::max();
  return fmt::format("{} is {}, expected {}{}", entry.key, to_json_text(entry.value), field->expected,
                     is_huge ? " and at most 2147483647" : "");
}

void throw_option_problems(const std::vector<OptionProblem>& problems, std::string_view doing) {
  if (problems.empty()) return;
  std::string text;
  for (const auto& [key, problem] : problems)
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", key, problem);
  throw InputError(fmt::format("{}: {}", doing, text));
}

void apply_settings(const std::vector<std::string>& settings, const std::vector<ConfigField>& fields,
                    std::string_view doing) {
  for (const auto& setting : settings) {
    const auto entry = parse_setting(setting);
    if (const auto problem = set_field(fields, entry)) throw InputError(doing, entry.where, *problem);
  }
}

}  // namespace conceptune::experiment
