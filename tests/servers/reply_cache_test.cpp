#include "conceptune/servers/reply_cache.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::servers {
namespace {

TEST(ReplyCache, KeepsRepliesBetweenOpenings) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "deep" / "replies.sqlite";
  {
    ReplyCache cache(path);
    EXPECT_EQ(cache.find("a"), std::nullopt);
    cache.keep("a", "{\"text\": \"\xc3\xa9\"}");
    cache.keep("a", "newer");
  }
  ReplyCache cache(path);
  EXPECT_EQ(cache.find("a"), "newer");
  EXPECT_EQ(cache.find("b"), std::nullopt);
}

TEST(ReplyCache, AFailureIsNoReply) {
  const test::TemporaryFolder folder;
  ReplyCache cache(folder.path() / "replies.sqlite");
  cache.keep_failure("a", "HTTP 500");
  cache.keep_failure("a", "HTTP 400: too long");
  EXPECT_EQ(cache.find("a"), std::nullopt);
  EXPECT_EQ(cache.failures(), (std::vector<ReplyCache::Failure>{{"a", "HTTP 400: too long", 2}}));
  cache.keep("a", "reply");
  EXPECT_TRUE(cache.failures().empty());
}

TEST(ReplyCache, TwoProcessesMayUseOneFile) {
  const test::TemporaryFolder folder;
  ReplyCache one(folder.path() / "replies.sqlite"), two(folder.path() / "replies.sqlite");
  one.keep("a", "1");
  two.keep("b", "2");
  EXPECT_EQ(one.find("b"), "2");
  EXPECT_EQ(two.find("a"), "1");
}

TEST(ReplyCache, RefusesOtherFiles) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(ReplyCache(folder.write("text", "no database, this is a text of some length")), InputError);
  Database(folder.path() / "newer", Database::Access::read_write).run("PRAGMA user_version = 9");
  EXPECT_THROW(ReplyCache(folder.path() / "newer"), InputError);
}

}  // namespace
}  // namespace conceptune::servers
