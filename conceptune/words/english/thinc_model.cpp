#include "conceptune/words/english/thinc_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/words/english/msgpack.h"

namespace conceptune::words {
namespace {

constexpr std::string_view kDoing = "reading network weights";

ThincParameter read_parameter(const MsgpackValue& array_map) {
  if (array_map.at("type").text() != "<f4") throw MalformedValue("a parameter that is not float32");
  ThincParameter parameter;
  const std::string_view data = array_map.at("data").binary();
  std::uint64_t size = 1;
  for (const MsgpackValue& dimension : array_map.at("shape").array()) {
    const std::uint64_t length = dimension.unsigned_integer();
    if (length == 0 || length > data.size()) throw MalformedValue("a parameter with an impossible shape");
    size *= length;
    if (size > data.size()) throw MalformedValue("a parameter with less data than its shape needs");
    parameter.shape.push_back(static_cast<std::int64_t>(length));
  }
  if (size * sizeof(float) != data.size())
    throw MalformedValue("a parameter whose data does not fit its shape");
  parameter.values.resize(size);
  std::memcpy(parameter.values.data(), data.data(), data.size());
  if (!std::ranges::all_of(parameter.values, [](float value) { return std::isfinite(value); }))
    throw MalformedValue("a parameter with values that are not finite");
  return parameter;
}

ThincNode read_node(const MsgpackValue& node, const MsgpackValue& attributes,
                    const MsgpackValue& parameters) {
  ThincNode result;
  result.name = node.at("name").text();
  for (const auto& [key, value] : node.at("refs").map())
    if (!value.is_nil()) result.references.emplace(key.text(), value.integer());
  for (const auto& [key, value] : attributes.map()) result.attributes.emplace(key.text(), value.binary());
  for (const auto& [key, value] : parameters.map())
    if (!value.is_nil()) result.parameters.emplace(key.text(), read_parameter(value));
  return result;
}

bool fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& expected) {
  return std::ranges::equal(shape, expected, [](std::int64_t length, std::int64_t wanted) {
    return wanted == -1 || length == wanted;
  });
}

}  // namespace

ThincModel ThincModel::load(const std::filesystem::path& file) {
  ThincModel model;
  model.file_ = file;
  read_msgpack_file(file, kDoing, [&](const MsgpackValue& root) {
    const auto& nodes = root.at("nodes").array();
    const auto& attributes = root.at("attrs").array();
    const auto& parameters = root.at("params").array();
    if (attributes.size() != nodes.size() || parameters.size() != nodes.size())
      throw MalformedValue("nodes, attributes and parameters differ in number");
    for (std::size_t i = 0; i < nodes.size(); ++i)
      model.nodes_.push_back(read_node(nodes[i], attributes[i], parameters[i]));
  });
  return model;
}

std::vector<const ThincNode*> ThincModel::named(std::string_view name, std::size_t count) const {
  std::vector<const ThincNode*> found;
  for (const ThincNode& node : nodes_)
    if (node.name == name) found.push_back(&node);
  if (found.size() != count) fail(fmt::format("{} nodes '{}', expected {}", found.size(), name, count));
  return found;
}

const ThincParameter& ThincModel::parameter(const ThincNode& node, std::string_view name,
                                            const std::vector<std::int64_t>& shape) const {
  const auto found = node.parameters.find(name);
  if (found == node.parameters.end()) fail(fmt::format("node '{}' has no parameter '{}'", node.name, name));
  if (!fits(found->second.shape, shape))
    fail(fmt::format("parameter '{}' of node '{}' has shape [{}], expected [{}]", name, node.name,
                     fmt::join(found->second.shape, ", "), fmt::join(shape, ", ")));
  return found->second;
}

std::int64_t ThincModel::integer_attribute(const ThincNode& node, std::string_view name) const {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) fail(fmt::format("node '{}' has no attribute '{}'", node.name, name));
  std::int64_t value = 0;
  with_file_context(file_, kDoing, [&] { value = decode_msgpack(found->second).integer(); });
  return value;
}

void ThincModel::fail(std::string_view problem) const { throw InputError(kDoing, file_.string(), problem); }

}  // namespace conceptune::words
