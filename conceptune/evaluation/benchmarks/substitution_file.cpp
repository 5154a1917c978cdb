#include "conceptune/evaluation/benchmarks/substitution_file.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/byte_source.h"
#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "reading lexical substitutions";
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

/// Reads the members of the file's object; messages name the file and the entry.
class Reader {
 public:
  Reader(const Json& root, std::string path) : root_(root), path_(std::move(path)) {}

  std::vector<SubstitutionTarget> targets() {
    contexts_ = index_of("contexts");
    labels_ = index_of("substitute_labels");
    for (const auto& [id, entry] : section("targets").items()) add_target(id, entry);
    for (const auto& [id, entry] : section("substitutes").items()) add_substitute(id, entry);
    if (targets_.empty()) throw InputError(kDoing, path_, "no targets");
    return std::move(targets_);
  }

 private:
  [[noreturn]] void refuse(const std::string& entry, const std::string& problem) const {
    throw InputError(kDoing, fmt::format("{}, {}", path_, entry), problem);
  }

  const Json& section(const char* name) const {
    if (!root_.is_object() || !root_.contains(name) || !root_[name].is_object())
      throw InputError(kDoing, path_, fmt::format("expected an object '{}', as SWORDS has it", name));
    return root_[name];
  }

  using Index = std::unordered_map<std::string_view, const Json*>;

  /// A section's entries by id: an ordered object is searched from its begin.
  Index index_of(const char* name) const {
    Index index;
    for (const auto& [id, entry] : section(name).items()) index.emplace(id, &entry);
    return index;
  }

  const Json& member(const Json& entry, const char* name, const std::string& where) const {
    if (!entry.is_object() || !entry.contains(name)) refuse(where, fmt::format("has no '{}'", name));
    return entry[name];
  }

  std::string text(const Json& entry, const char* name, const std::string& where) const {
    const Json& value = member(entry, name, where);
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
      refuse(where, fmt::format("'{}' is no text", name));
    return value;
  }

  /// The entry of another section that `entry` names.
  const Json& referred(const Index& entries, const std::string& id, const std::string& where) const {
    const auto found = entries.find(id);
    if (found == entries.end()) refuse(where, fmt::format("belongs to {}, which is not there", shown(id)));
    return *found->second;
  }

  void add_target(const std::string& id, const Json& entry) {
    const std::string where = fmt::format("target {}", shown(id));
    SubstitutionTarget target{
        .id = id, .context = {}, .word = text(entry, "target", where), .pos = {}, .substitutes = {}};
    target.context = text(referred(contexts_, text(entry, "context_id", where), where), "context", where);
    const Json& offset = member(entry, "offset", where);
    const std::u32string characters = decode_utf8(target.context);
    const std::size_t length = count_code_points(target.word);
    if (!offset.is_number_unsigned() || offset.get<std::uint64_t>() > characters.size() ||
        !equal_ignoring_case(encode_utf8(characters.substr(offset.get<std::size_t>(), length)), target.word))
      refuse(where,
             fmt::format("{} does not stand at offset {} of its context", shown(target.word), offset.dump()));
    target.begin = offset.get<std::uint32_t>();
    if (const Json& pos = member(entry, "pos", where); pos.is_string()) target.pos = pos;
    index_.emplace(id, targets_.size());
    targets_.push_back(std::move(target));
  }

  void add_substitute(const std::string& id, const Json& entry) {
    const std::string where = fmt::format("substitute {}", shown(id));
    const std::string target = text(entry, "target_id", where);
    const auto found = index_.find(target);
    if (found == index_.end()) refuse(where, fmt::format("belongs to {}, which is not there", shown(target)));
    JudgedSubstitute judged{.text = text(entry, "substitute", where)};
    const auto found_labels = labels_.find(id);
    if (found_labels == labels_.end()) refuse(where, "has no labels");
    const Json& labels = *found_labels->second;
    if (!labels.is_array() || labels.empty()) refuse(where, "has no list of labels");
    for (const Json& label : labels) count(label, where, judged);
    targets_[found->second].substitutes.push_back(std::move(judged));
  }

  void count(const Json& label, const std::string& where, JudgedSubstitute& judged) const {
    if (label == "TRUE" || label == "TRUE_IMPLICIT") {
      ++judged.accepted;
    } else if (label == "FALSE" || label == "FALSE_IMPLICIT") {
      ++judged.rejected;
    } else if (label != "UNSURE") {
      refuse(where,
             fmt::format("has the label {}, expected TRUE, FALSE, UNSURE, TRUE_IMPLICIT or FALSE_IMPLICIT",
                         label.dump()));
    }
  }

  const Json& root_;
  std::string path_;
  Index contexts_, labels_;
  std::vector<SubstitutionTarget> targets_;
  std::unordered_map<std::string, std::size_t> index_;  // of targets_
};

}  // namespace

SubstitutionBenchmark read_substitution_benchmark(const std::filesystem::path& path) {
  const auto source = open_text_source(path, kDoing);
  const Json root = parse_json(read_all(*source, kMaxBytes, path.string(), kDoing), kDoing, path.string());
  return {benchmark_name(path), sha256_of_file(path), Reader(root, path.string()).targets()};
}

}  // namespace conceptune::evaluation
