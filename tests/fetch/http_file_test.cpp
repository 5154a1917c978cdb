#include "conceptune/fetch/http_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace conceptune::fetch {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kSize = 256 * 1500;

std::string model_content() {
  std::string content;
  for (int i = 0; i < kSize; ++i) content += static_cast<char>(i % 256);
  return content;
}

class HttpFile : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<test::TestServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  std::string url(const std::string& repository) const {
    return server_->address() + "/org/" + repository + "/resolve/0/model.safetensors";
  }
  /// Downloads the model of a repository and gives its content.
  std::string download(const std::string& repository, ExpectedFile expected) {
    http_download(url(repository), path_, expected, options_, &arrived_);
    return read_file(path_, "test");
  }
  std::string requests(const std::string& repository) {
    std::string found;
    const auto log = http_get(server_->address() + "/log", options_, 1 << 20);
    for (std::size_t begin = 0; begin < log.size();) {
      const auto end = std::min(log.find('\n', begin), log.size());
      const auto line = log.substr(begin, end - begin);
      const auto path = "/org/" + repository + "/resolve/0/model.safetensors ";
      if (line.starts_with(path)) found += line.substr(path.size()) + "\n";
      begin = end + 1;
    }
    return found;
  }
  template <class Problem>
  void expect_failure(const std::string& repository, ExpectedFile expected, const std::string& words) {
    try {
      download(repository, expected);
      ADD_FAILURE() << "worked; expected: " << words;
    } catch (const Problem& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
    EXPECT_FALSE(std::filesystem::exists(path_));
  }

  inline static std::unique_ptr<test::TestServer> server_;
  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "deep" / "model.safetensors";
  std::filesystem::path part_ = folder_.path() / "deep" / "model.safetensors.part";
  HttpOptions options_{.token = "", .attempts = 3, .first_pause = 0.01, .stall_seconds = 1, .stop = {}};
  std::atomic<std::int64_t> arrived_ = 0;
  const std::string content_ = model_content();
  const ExpectedFile expected_{kSize, sha256_hex(content_), std::nullopt};
};

TEST_F(HttpFile, Downloads) {
  EXPECT_EQ(download("good", expected_), content_);
  EXPECT_EQ(arrived_, kSize);
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(HttpFile, ContinuesWhereTheConnectionEnded) {
  EXPECT_EQ(download("truncated", expected_), content_);
  EXPECT_EQ(requests("truncated"), "- 200\nbytes=192000- 206\n");
  EXPECT_EQ(arrived_, kSize);
}

TEST_F(HttpFile, BeginsAgainWhereTheServerCannotContinue) {
  EXPECT_EQ(download("no-range", expected_), content_);
  EXPECT_EQ(requests("no-range"), "- 200\nbytes=192000- 200\n");
  EXPECT_EQ(arrived_, kSize);
}

TEST_F(HttpFile, ContinuesThePartOfAnEarlierRun) {
  make_folder(path_.parent_path());
  write_file_atomically(part_, content_.substr(0, 1000));
  EXPECT_EQ(download("earlier", expected_), content_);
  EXPECT_EQ(requests("earlier"), "bytes=1000- 206\n");
}

TEST_F(HttpFile, DoesNotTrustAPartThatItCannotCheck) {
  make_folder(path_.parent_path());
  write_file_atomically(part_, "something else");
  EXPECT_EQ(download("unchecked", {}), content_);
  EXPECT_EQ(requests("unchecked"), "- 200\n");
}

TEST_F(HttpFile, TakesAWholePartWithoutAsking) {
  make_folder(path_.parent_path());
  write_file_atomically(part_, content_);
  EXPECT_EQ(download("whole", expected_), content_);
  EXPECT_EQ(requests("whole"), "");
}

TEST_F(HttpFile, ReplacesAWrongPart) {
  make_folder(path_.parent_path());
  for (const std::size_t size : {1000, 384000, 400000}) {
    write_file_atomically(part_, std::string(size, 'x'));
    EXPECT_EQ(download("wrong-part", expected_), content_) << size;
    std::filesystem::remove(path_);
  }
}

TEST_F(HttpFile, FetchesOnceMoreWhatFailsItsCheck) {
  EXPECT_EQ(download("corrupt-once", expected_), content_);
  std::filesystem::remove(path_);
  expect_failure<SystemError>("corrupt", expected_, "the SHA-256 is not the expected one");
  const ExpectedFile by_git{kSize, std::nullopt, std::string(40, 'a')};
  expect_failure<SystemError>("good", by_git, "the git hash is not the expected one");
}

TEST_F(HttpFile, RefusesAWrongLength) {
  expect_failure<SystemError>("good", {kSize + 7, std::nullopt, std::nullopt},
                              "384000 bytes came, expected 384007");
}

TEST_F(HttpFile, GivesUpAServerThatSendsMoreThanItLists) {
  expect_failure<SystemError>("endless", expected_, "sends more than the 384000 bytes that it lists");
  EXPECT_LE(std::filesystem::file_size(part_), static_cast<std::uintmax_t>(kSize));
  EXPECT_EQ(requests("endless"), "- 200\n");
}

TEST_F(HttpFile, OneOfTwoWaitsForTheOther) {
  std::vector<std::jthread> both;
  for (int i = 0; i < 2; ++i)
    both.emplace_back([&] { http_download(url("slow"), path_, expected_, options_, &arrived_); });
  both.clear();
  EXPECT_EQ(read_file(path_, "test"), content_);
  EXPECT_EQ(requests("slow"), "- 200\n");
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(HttpFile, ComesBackLater) {
  EXPECT_EQ(download("flaky", expected_), content_);
  EXPECT_EQ(requests("flaky"), "- 503\n- 503\n- 200\n");
  std::filesystem::remove(path_);
  EXPECT_EQ(download("busy", expected_), content_);
  EXPECT_EQ(requests("busy"), "- 429\n- 200\n");
}

TEST_F(HttpFile, GivesUpInTheEnd) {
  expect_failure<SystemError>("broken", expected_, "HTTP 503 (after 3 attempts)");
}

TEST_F(HttpFile, GivesUpAServerThatStops) {
  EXPECT_EQ(download("stall", expected_), content_);
  EXPECT_EQ(requests("stall"), "- 200\nbytes=192000- 206\n");
}

TEST_F(HttpFile, SaysWhatARefusalMeans) {
  expect_failure<InputError>("missing", expected_, "HTTP 404: not found");
  expect_failure<InputError>("gated", expected_,
                             "HTTP 401: access denied; a private or gated repository needs HF_TOKEN");
  EXPECT_EQ(requests("missing"), "- 404\n");
  options_.token = "secret";
  EXPECT_EQ(download("gated", expected_), content_);
}

TEST_F(HttpFile, SaysThatThereIsNoConnection) {
  options_.attempts = 1;
  try {
    http_get("http://127.0.0.1:1/", options_, 100);
    FAIL();
  } catch (const SystemError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is this machine offline"));
  }
}

TEST_F(HttpFile, FollowsRedirectsAndLimitsTexts) {
  EXPECT_EQ(http_get(server_->address() + "/redirect/org/good/resolve/0/model.gguf", options_, 100), "GGUF");
  EXPECT_THROW(http_get(url("good"), options_, 100), SystemError);
  EXPECT_THROW(http_get("file:///etc/hostname", options_, 100), SystemError);
}

TEST_F(HttpFile, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  options_.stop = stop.get_token();
  EXPECT_THROW(download("stopped", expected_), Interrupted);
}

}  // namespace
}  // namespace conceptune::fetch
