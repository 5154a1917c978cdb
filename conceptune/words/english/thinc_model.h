// thinc's model files (thinc/model.py, to_bytes): a graph of named nodes with float32 parameters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::words {

struct ThincParameter {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // row-major, all finite
};

struct ThincNode {
  std::string name;
  std::map<std::string, std::int64_t, std::less<>> references;  // to other nodes, by index
  std::map<std::string, std::string, std::less<>> attributes;   // each a MessagePack value of its own
  std::map<std::string, ThincParameter, std::less<>> parameters;
};

/// The nodes of one file, in the file's order (breadth first).
class ThincModel {
 public:
  /// Throws InputError when the file is malformed.
  static ThincModel load(const std::filesystem::path& file);

  const std::filesystem::path& file() const { return file_; }
  const std::vector<ThincNode>& nodes() const { return nodes_; }

  /// Nodes with exactly this name, in order. Throws InputError when there are not `count` of them.
  std::vector<const ThincNode*> named(std::string_view name, std::size_t count) const;

  /// A parameter of that shape; -1 stands for any size. Throws InputError when it is absent or shaped
  /// otherwise.
  const ThincParameter& parameter(const ThincNode& node, std::string_view name,
                                  const std::vector<std::int64_t>& shape) const;

  /// An integer attribute of a node. Throws InputError when it is absent.
  std::int64_t integer_attribute(const ThincNode& node, std::string_view name) const;

  /// InputError about this file.
  [[noreturn]] void fail(std::string_view problem) const;

 private:
  std::filesystem::path file_;
  std::vector<ThincNode> nodes_;
};

}  // namespace conceptune::words
