// Tests against the server of stub.py.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include "conceptune/base/json.h"
#include "conceptune/fetch/http_file.h"
#include "conceptune/servers/server_options.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace conceptune::servers {

class StubTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { stub_ = std::make_unique<test::TestServer>("tests/servers/stub.py"); }
  static void TearDownTestSuite() { stub_.reset(); }

  /// The stub as that kind of server with that fault.
  ServerOptions options(const std::string& kind, const std::string& fault) const {
    ServerOptions options;
    options.url = stub_->address() + "/" + kind + "/" + fault;
    options.timeout = 5;
    options.attempts = 3;
    options.first_pause = 0.01;
    options.replies = folder_.path() / "replies.sqlite";
    return options;
  }
  /// Tells the stub the tokens of texts and the size of its vocabulary.
  static void set_stub(const Json& settings) {
    const std::string json = to_json_text(settings);
    fetch::TextSink sink(100);
    const auto reply = fetch::http_request(stub_->address() + "/set", {}, sink, &json);
    ASSERT_EQ(reply.problem, "");
  }
  /// How often a path was asked, all faults included.
  static int times_asked(const std::string& path) {
    std::istringstream log(fetch::http_get(stub_->address() + "/log", {}, 1 << 24));
    int times = 0;
    for (std::string line; std::getline(log, line);) times += line.starts_with(path + " ");
    return times;
  }

  inline static std::unique_ptr<test::TestServer> stub_;
  test::TemporaryFolder folder_;
};

}  // namespace conceptune::servers
