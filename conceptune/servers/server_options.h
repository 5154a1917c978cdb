// How a model server is reached.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "conceptune/options/option_fields.h"

namespace conceptune::servers {

inline bool is_server_address(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

struct ServerOptions {
  std::string url;
  std::string model;
  std::string api_key_variable = "CONCEPTUNE_API_KEY";
  int concurrency = 8;
  double timeout = 120;
  int attempts = 5;
  double first_pause = 1;
  std::filesystem::path replies;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("url", url, "Address of the server, e.g. http://localhost:8000; empty: no server");
    visit("model", model, "Model to ask, as the server lists it; when empty, the only one that it serves");
    visit("api_key_variable", api_key_variable, "Environment variable that holds the server's API key",
          cost());
    visit("concurrency", concurrency, "Requests under way at the same time", cost(between(1, 1024)));
    visit("timeout", timeout, "Seconds after which a request is given up", cost(between(0.001, 86400)));
    visit("attempts", attempts, "Attempts at a request that the server is too busy or too slow for",
          cost(between(1, 100)));
    visit("first_pause", first_pause,
          "Seconds before the second attempt; doubled each time, unless the server asks for more",
          cost(between(0, 60)));
    visit("replies", replies,
          "SQLite file that keeps replies; when empty, replies.sqlite in the cache folder", cost());
  }

  void check(const ReportProblem& report) const {
    if (!url.empty() && !is_server_address(url))
      report("url", fmt::format("is '{}', expected an address like http://localhost:8000", url));
  }
};

}  // namespace conceptune::servers
