#include "conceptune/fetch/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace conceptune::fetch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Fetch : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("HF_ENDPOINT", server_->address().c_str(), 1);
    ::unsetenv("HF_TOKEN");
    options_.cache = folder_.path() / "cache";
  }

  std::filesystem::path run(const std::string& source) {
    return fetch({source}, options_, http_, nullptr).at(0).path;
  }

  std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) names.push_back(std::filesystem::relative(entry, folder).string());
    std::ranges::sort(names);
    return names;
  }

  std::unique_ptr<test::TestServer> server_ = std::make_unique<test::TestServer>();
  test::TemporaryFolder folder_;
  FetchOptions options_;
  HttpOptions http_{.token = "", .attempts = 2, .first_pause = 0.01, .stall_seconds = 1, .stop = {}};
};

TEST_F(Fetch, TakesWhatAModelNeeds) {
  const auto model = run("org/good");
  EXPECT_THAT(files_in(model),
              ElementsAre("config.json", "empty.json", "model.safetensors", "tokenizer.json"));
  EXPECT_EQ(read_file(model / "config.json", "test"), "{\"model_type\": \"llama\"}");
  EXPECT_EQ(model.filename(), "0123456789abcdef0123456789abcdef01234567");
}

TEST_F(Fetch, TakesWhatIsWished) {
  options_.include = {"*.gguf", "onnx/*"};
  EXPECT_THAT(files_in(run("org/good@main")), ElementsAre("model.gguf", "onnx/model.onnx"));
  options_.include = {"nothing.*"};
  EXPECT_THROW(run("org/good"), InputError);
}

TEST_F(Fetch, TakesTheFilesOfADataSetThatAreNamed) {
  options_.include = {"onnx/model.onnx"};
  const auto set = run("datasets/org/good");
  EXPECT_THAT(files_in(set), ElementsAre("onnx/model.onnx"));
  EXPECT_EQ(set.parent_path().filename(), "datasets--org--good");
  options_.include = {"*.gguf"};
  EXPECT_THAT(files_in(run("datasets/org/good")), ElementsAre("model.gguf", "onnx/model.onnx"));
  options_.include = {"no/such.file"};
  EXPECT_THROW(run("datasets/org/good"), InputError);
  options_.include = {};
  EXPECT_THROW(run("datasets/org/good"), InputError);
}

TEST_F(Fetch, BringsIntoAFolder) {
  options_.into = folder_.path() / "inputs";
  EXPECT_EQ(run("org/good"), options_.into / "good");
  EXPECT_EQ(run(server_->address() + "/org/good/resolve/0/model.gguf"), options_.into / "model.gguf");
  EXPECT_THAT(files_in(options_.into),
              ElementsAre("good/config.json", "good/empty.json", "good/model.safetensors",
                          "good/tokenizer.json", "model.gguf"));
}

TEST_F(Fetch, NamesOfTheTableAreTakenFirst) {
  options_.into = folder_.path();
  folder_.write("hellaswag_val.jsonl", "{}");  // this source's hash is not fixed
  EXPECT_EQ(run("hellaswag"), folder_.path() / "hellaswag_val.jsonl");
  options_.include = {"*"};
  EXPECT_THROW(run("hellaswag"), InputError);
}

TEST_F(Fetch, GoesThroughTheProxyOfTheEnvironment) {
  ::setenv("http_proxy", server_->address().c_str(), 1);
  ::setenv("HF_ENDPOINT", "http://hub.invalid", 1);
  EXPECT_EQ(files_in(run("org/good")).size(), 4U);
  ::unsetenv("http_proxy");
  EXPECT_THROW(run("org/other"), SystemError);
}

TEST_F(Fetch, FetchesNothingTwice) {
  const auto model = run("org/good");
  const auto written = std::filesystem::last_write_time(model / "model.safetensors");
  EXPECT_EQ(run("org/good"), model);
  EXPECT_EQ(std::filesystem::last_write_time(model / "model.safetensors"), written);
}

TEST_F(Fetch, UsesWhatItHasWhenTheHubIsOutOfReach) {
  const auto model = run("org/good");
  server_.reset();
  std::string warning;
  auto before = set_message_sink([&](Severity, std::string_view message) { warning = message; });
  EXPECT_EQ(run("org/good"), model);
  set_message_sink(before);
  EXPECT_THAT(warning, HasSubstr("using what was fetched before"));
  EXPECT_THROW(run("org/other"), SystemError);
}

TEST_F(Fetch, GoesOnAfterAFailure) {
  EXPECT_THROW(run("org/wrong-length"), SystemError);
  const auto model = run("org/truncated");
  EXPECT_EQ(std::filesystem::file_size(model / "model.safetensors"), 384000U);
}

TEST_F(Fetch, SendsTheTokenOfTheEnvironment) {
  EXPECT_THROW(run("org/gated"), InputError);
  ::setenv("HF_TOKEN", "secret", 1);
  EXPECT_EQ(files_in(run("org/gated")).size(), 4U);
}

TEST_F(Fetch, FetchesUrlsAndTakesLocalPaths) {
  const auto url = server_->address() + "/org/good/resolve/0/model.gguf?download=true";
  const auto file = run(url);
  EXPECT_EQ(file.filename(), "model.gguf");
  EXPECT_EQ(read_file(file, "test"), "GGUF");
  EXPECT_EQ(run(file.string()), file);
  options_.sha256 = std::string(64, '0');
  EXPECT_THROW(run(url), InputError);
  EXPECT_THROW(run(server_->address() + "/org/good/resolve/0/config.json"), SystemError);
  EXPECT_THROW(run("no such thing"), InputError);
}

}  // namespace
}  // namespace conceptune::fetch
