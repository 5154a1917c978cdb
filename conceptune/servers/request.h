// What a server is asked.
#pragma once

#include <string>

#include "conceptune/base/json.h"

namespace conceptune::servers {

/// A path below the server's address, and the body to post there.
struct Request {
  std::string path;
  Json payload;
};

}  // namespace conceptune::servers
