#include "conceptune/runtime/jinja/frame.h"

namespace conceptune::jinja {

void Frame::set(const std::string& name, bool in_branch) {
  if (known_.insert(name).second && !in_branch) hidden_.push_back(name);
}

void Frame::close() {
  std::erase_if(hidden_, [this](const std::string& name) { return is_known_outside(name); });
}

bool Frame::is_known_outside(const std::string& name) const {
  for (const auto* frame = outer_.get(); frame; frame = frame->outer_.get())
    if (frame->known_.contains(name)) return true;
  return false;
}

}  // namespace conceptune::jinja
