#include "conceptune/servers/connection.h"

#include <gmock/gmock.h>

#include <chrono>

#include "conceptune/base/error.h"
#include "tests/servers/stub_fixture.h"

namespace conceptune::servers {
namespace {

using ::testing::HasSubstr;

class ConnectionTest : public StubTest {
 protected:
  static Reply tokenize(Connection& connection) {
    return connection.post({"/tokenize", {{"content", "ab"}}}, {});
  }
  Reply tokenize(const std::string& fault) {
    Connection connection(options("llama_cpp", fault));
    return tokenize(connection);
  }
  template <class Problem>
  void expect_end(const std::string& fault, const std::string& words) {
    try {
      tokenize(fault);
      ADD_FAILURE() << fault << " worked; expected: " << words;
    } catch (const Problem& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  }
};

TEST_F(ConnectionTest, PostsAndGets) {
  EXPECT_EQ(tokenize("good").body, (Json{{"tokens", {97, 98}}}));
  auto with_slash = options("vllm", "good");
  const std::string plain = with_slash.url;
  with_slash.url += "/v1/";
  Connection connection(with_slash);
  EXPECT_EQ(connection.address(), plain);
  EXPECT_EQ(connection.get("/v1/models", {}).body["data"][0]["id"], "tiny");
}

TEST_F(ConnectionTest, TriesAgainWhatIsBusyOrLate) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(tokenize("busy").failure, "");  // Retry-After: 1
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(tokenize("busy-unsaid").failure, "");
  EXPECT_EQ(times_asked("/llama_cpp/busy-unsaid/tokenize"), 3);
  EXPECT_EQ(tokenize("flaky").failure, "");
  EXPECT_EQ(times_asked("/llama_cpp/flaky/tokenize"), 3);
  EXPECT_EQ(tokenize("dropped").failure, "");
  EXPECT_EQ(times_asked("/llama_cpp/dropped/tokenize"), 3);
  auto impatient = options("llama_cpp", "stall");
  impatient.timeout = 0.3;
  Connection connection(impatient);
  EXPECT_EQ(tokenize(connection).failure, "");
}

TEST_F(ConnectionTest, GivesTheReasonWhenNoAttemptsAreLeft) {
  EXPECT_EQ(tokenize("broken").failure, "HTTP 500: out of memory (after 3 attempts)");
  EXPECT_EQ(tokenize("truncated").failure,
            "the connection ended before the whole reply had come (after 3 attempts)");
  auto impatient = options("llama_cpp", "slow");
  impatient.timeout = 0.03;
  impatient.attempts = 2;
  Connection connection(impatient);
  EXPECT_EQ(tokenize(connection).failure, "no reply within the timeout (after 2 attempts)");
}

TEST_F(ConnectionTest, DoesNotTryAgainWhatWouldFailAgain) {
  EXPECT_EQ(tokenize("not-json").failure, "the reply is no JSON");
  Connection connection(options("llama_cpp", "picky"));
  EXPECT_EQ(connection.post({"/tokenize", {{"content", "refuse"}}}, {}).failure, "HTTP 400: I will not");
  EXPECT_EQ(times_asked("/llama_cpp/picky/tokenize"), 1);
}

TEST_F(ConnectionTest, EndsWithWhatIsWrongForAllRequests) {
  expect_end<InputError>("absent", "HTTP 404");
  expect_end<InputError>("key", "HTTP 401: Unauthorized; the key is taken from $CONCEPTUNE_API_KEY");
  auto nowhere = options("llama_cpp", "good");
  nowhere.url = "http://127.0.0.1:1";
  Connection connection(nowhere);
  EXPECT_THROW(tokenize(connection), SystemError);
  nowhere.url = "localhost:8000";
  EXPECT_THROW(Connection{nowhere}, InputError);
}

TEST_F(ConnectionTest, TakesTheKeyFromTheEnvironment) {
  ASSERT_EQ(::setenv("CONCEPTUNE_TEST_KEY", "secret", 1), 0);
  auto with_key = options("llama_cpp", "key");
  with_key.api_key_variable = "CONCEPTUNE_TEST_KEY";
  Connection connection(with_key);
  EXPECT_EQ(tokenize(connection).failure, "");
}

TEST_F(ConnectionTest, EndsAfterManyFailuresInARow) {
  auto hasty = options("llama_cpp", "broken");
  hasty.attempts = 1;
  Connection connection(hasty);
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(tokenize(connection).failure, "HTTP 500: out of memory (after 1 attempts)");
  EXPECT_THROW(tokenize(connection), SystemError);
}

TEST_F(ConnectionTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  Connection connection(options("llama_cpp", "good"));
  EXPECT_THROW(connection.post({"/tokenize", {{"content", "ab"}}}, stop.get_token()), Interrupted);
}

}  // namespace
}  // namespace conceptune::servers
