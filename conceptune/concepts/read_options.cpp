#include "conceptune/concepts/read_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/messages.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/options/config_field.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kReadByAll[] = {"source", "max_synonyms", "batch_passages", "type",
                                           "content_words"};

/// Whether the key is this one or lies in this section.
bool is_within(std::string_view key, std::string_view section) {
  return key.starts_with(section) && (key.size() == section.size() || key[section.size()] == '.');
}

/// How a server is asked matters only where there is one.
bool is_of_no_server(const AnnotateOptions& options, std::string_view key) {
  const auto of = [&](std::string_view section, const servers::ServerOptions& server) {
    return server.url.empty() && is_within(key, section) && !key.ends_with(".url");
  };
  return of("candidates.server", options.candidates.server) || of("prompt.server", options.prompt.server);
}

}  // namespace

bool reads(const AnnotateOptions& options, std::string_view key) {
  const auto is_key_within = [&](std::string_view section) { return is_within(key, section); };
  if (std::ranges::any_of(kReadByAll, is_key_within)) return true;
  return !is_of_no_server(options, key) &&
         std::ranges::any_of(source_kind(options).reads(options), is_key_within);
}

bool needs_candidates(const AnnotateOptions& options) { return reads(options, "candidates.count"); }

bool runs_passages(const AnnotateOptions& options) {
  return source_kind(options).runs_model ||
         (needs_candidates(options) && options.candidates.server.url.empty());
}

bool asks_another_model(const AnnotateOptions& options) {
  return reads(options, "prompt.model") && !options.prompt.model.empty();
}

bool needs_model(const AnnotateOptions& options) {
  return runs_passages(options) || (reads(options, "prompt.model") && options.prompt.model.empty());
}

std::vector<std::string> unread_options(std::span<const AnnotateOptions> annotations) {
  AnnotateOptions defaults;
  const auto usual = experiment::list_fields(defaults);
  std::vector<std::string> unread;
  for (AnnotateOptions options : annotations) {
    const auto fields = experiment::list_fields(options);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string& key = fields[i].key;
      const auto reads_it = [&](const AnnotateOptions& one) { return reads(one, key); };
      if (fields[i].value() != usual[i].value() && std::ranges::none_of(annotations, reads_it) &&
          std::ranges::find(unread, key) == unread.end())
        unread.push_back(key);
    }
  }
  return unread;
}

void warn_of_unread_options(std::span<const AnnotateOptions> annotations, std::string_view doing,
                            std::string_view prefix) {
  std::string keys, sources;
  std::set<SourceKind> told;
  for (const auto& key : unread_options(annotations))
    keys += fmt::format("{}{}{}", keys.empty() ? "" : ", ", prefix, key);
  for (const auto& one : annotations)
    if (told.insert(one.source).second)
      sources += (sources.empty() ? "" : " or ") + std::string(name_of(one.source));
  if (!keys.empty()) warn(fmt::format("{}: set, but not read by source {}: {}", doing, sources, keys));
}

}  // namespace conceptune::concepts
