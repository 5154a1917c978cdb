#include "conceptune/fetch/http_request.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/test_server.h"

namespace conceptune::fetch {
namespace {

using Failure = HttpReply::Failure;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST(HttpRequest, PostsJsonAndTellsWhatWentWrong) {
  const test::TestServer server("tests/servers/stub.py");
  HttpOptions options;
  TextSink sink(1 << 20);
  const std::string json = R"({"content": "old house"})";
  const auto good = http_request(server.address() + "/llama_cpp/good/tokenize", options, sink, &json);
  EXPECT_EQ(good.failure, Failure::none);
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(sink.take(), R"({"tokens": [111, 108, 100, 32, 104, 111, 117, 115, 101]})");
  const auto busy = http_request(server.address() + "/llama_cpp/busy/tokenize", options, sink, &json);
  EXPECT_EQ(busy.failure, Failure::status);
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.retry_after, 1);
  EXPECT_TRUE(busy.is_passing);
  const auto half = http_request(server.address() + "/llama_cpp/truncated/tokenize", options, sink, &json);
  EXPECT_EQ(half.failure, Failure::dropped);
  EXPECT_NE(half.problem.find("the connection ended"), std::string::npos);
  options.total_seconds = 0.2;
  const auto late = http_request(server.address() + "/llama_cpp/stall/tokenize", options, sink, &json);
  EXPECT_EQ(late.failure, Failure::timeout);
  EXPECT_EQ(http_request("http://127.0.0.1:1/", options, sink).failure, Failure::unreachable);
}

TEST(HttpRequest, EndsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const test::TestServer server("tests/servers/stub.py");
  TextSink sink(1 << 20);
  const auto reply =
      http_request(server.address() + "/vllm/good/v1/models", {.token = "", .stop = stop.get_token()}, sink);
  EXPECT_EQ(reply.failure, Failure::interrupted);
}

TEST(TextSink, HoldsOneRepliesTextUpToItsLimit) {
  TextSink sink(4);
  sink.begin();
  EXPECT_TRUE(sink.write("abc", 302));
  EXPECT_TRUE(sink.write("xyz", 200));
  EXPECT_TRUE(sink.write("w", 200));
  EXPECT_FALSE(sink.write("v", 200));
  EXPECT_EQ(sink.take(), "xyzw");
}

TEST(Backoff, DoublesItsPausesAndEndsWithTheAttempts) {
  const HttpOptions options{.token = "", .attempts = 3, .first_pause = 0.05, .stop = {}};
  Backoff backoff(options);
  auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(backoff.wait(0));
  EXPECT_GE(seconds_since(begin), 0.05);
  begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(backoff.wait(0));
  EXPECT_GE(seconds_since(begin), 0.1);
  EXPECT_FALSE(backoff.wait(0));
  EXPECT_EQ(backoff.attempts(), 3);
}

TEST(Backoff, WaitsAsLongAsTheServerAsks) {
  const HttpOptions options{.token = "", .attempts = 2, .first_pause = 0, .stop = {}};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(Backoff(options).wait(0.1));
  EXPECT_GE(seconds_since(begin), 0.1);
}

TEST(Backoff, ReturnsWhenAskedToStop) {
  std::stop_source stop;
  stop.request_stop();
  const HttpOptions options{.token = "", .attempts = 2, .first_pause = 30, .stop = stop.get_token()};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(Backoff(options).wait(0));
  EXPECT_LT(seconds_since(begin), 10);
}

}  // namespace
}  // namespace conceptune::fetch
