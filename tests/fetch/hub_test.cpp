#include "conceptune/fetch/hub.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/test_server.h"

namespace conceptune::fetch {
namespace {

TEST(Hub, ReadsNames) {
  const auto plain = parse_hub_name("meta-llama/Llama-3.2-1B");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->repository, "meta-llama/Llama-3.2-1B");
  EXPECT_EQ(plain->revision, "main");
  EXPECT_EQ(parse_hub_name("a/b@refs/pr/1")->revision, "refs/pr/1");
  for (const char* text :
       {"", "a", "a/", "/b", "a/b/c", "a/..", "../b", "a b/c", "a/b@", "a/b@../c", "a/b?c=d", "-a/b"})
    EXPECT_FALSE(parse_hub_name(text)) << text;
}

TEST(Hub, ReadsNamesOfDataSets) {
  const auto name = parse_hub_name("datasets/allenai/c4@main");
  ASSERT_TRUE(name);
  EXPECT_TRUE(name->is_dataset);
  EXPECT_EQ(name->repository, "allenai/c4");
  EXPECT_EQ(name->path(), "datasets/allenai/c4");
  EXPECT_FALSE(parse_hub_name("allenai/c4")->is_dataset);
  EXPECT_FALSE(parse_hub_name("datasets/c4"));
}

class HubServer : public ::testing::Test {
 protected:
  HubListing list(const std::string& name) {
    return list_repository(server_.address(), *parse_hub_name(name), options_);
  }

  test::TestServer server_;
  HttpOptions options_{.token = "", .attempts = 2, .first_pause = 0.01, .stall_seconds = 1, .stop = {}};
};

TEST_F(HubServer, ListsFilesWithTheirHashes) {
  const auto listing = list("org/good");
  EXPECT_EQ(listing.commit, "0123456789abcdef0123456789abcdef01234567");
  ASSERT_EQ(listing.files.size(), 7U);
  EXPECT_EQ(listing.files[0].path, "config.json");
  EXPECT_EQ(listing.files[0].expected.git_blob_sha1->size(), 40U);
  EXPECT_EQ(listing.files[2].expected.sha256->size(), 64U);
  EXPECT_EQ(listing.files[2].expected.size, 384000);
  EXPECT_EQ(file_url("http://hub", *parse_hub_name("a/b"), listing, {"x y.json", {}}),
            "http://hub/a/b/resolve/0123456789abcdef0123456789abcdef01234567/x%20y.json");
}

TEST_F(HubServer, ListsSingleFilesWithTheirHashes) {
  const auto name = *parse_hub_name("datasets/org/good");
  const auto listing = list_files(server_.address(), name, {"model.safetensors", "config.json"}, options_);
  const auto whole = list("org/good");
  EXPECT_EQ(listing.commit, whole.commit);
  ASSERT_EQ(listing.files.size(), 2U);
  EXPECT_EQ(listing.files[0].expected.sha256, whole.files[2].expected.sha256);
  EXPECT_EQ(listing.files[0].expected.size, 384000);
  EXPECT_EQ(listing.files[1].expected.git_blob_sha1, whole.files[0].expected.git_blob_sha1);
  EXPECT_THROW(list_files(server_.address(), name, {"config.json", "none.json"}, options_), InputError);
  EXPECT_EQ(file_url("http://hub", name, listing, {"a.json", {}}),
            "http://hub/datasets/org/good/resolve/0123456789abcdef0123456789abcdef01234567/a.json");
}

TEST_F(HubServer, RefusesPathsOutsideAndNonsense) {
  EXPECT_THROW(list("org/unsafe"), InputError);
  EXPECT_THROW(list("org/nonsense"), InputError);
  EXPECT_THROW(list("org/missing"), InputError);
  EXPECT_THROW(list("org/twice"), InputError);
}

}  // namespace
}  // namespace conceptune::fetch
