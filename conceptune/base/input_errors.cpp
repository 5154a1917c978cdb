#include "conceptune/base/input_errors.h"

#include <utility>

namespace conceptune {
namespace {

std::string joined(std::string text, const std::vector<std::string>& faults) {
  for (const auto& fault : faults) text += "\n  " + fault;
  return text;
}

}  // namespace

InputErrors::InputErrors(std::string summary, std::vector<std::string> faults)
    : InputError(joined(summary, faults)), summary_(std::move(summary)), faults_(std::move(faults)) {}

}  // namespace conceptune
