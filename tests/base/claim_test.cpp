#include "conceptune/base/claim.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct ClaimTest : testing::Test {
  test::TemporaryFolder folder;
  fs::path path = folder.path() / "work" / "train-12ab";

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()));
  }
  /// A claim as a process of another machine leaves it.
  void leave_foreign_claim(int number) const {
    fs::create_directories(path.parent_path());
    std::ofstream(path.string() + ".claim-" + std::to_string(number)) << "elsewhere,pid:[1] 17 1\n";
  }
};

TEST_F(ClaimTest, IsHeldByOneAtATimeAndLeavesNothing) {
  Claims ours(60s), theirs(60s);
  {
    const auto claim = ours.try_take(path);
    ASSERT_TRUE(claim);
    EXPECT_FALSE(theirs.try_take(path));
    EXPECT_FALSE(ours.try_take(path));
    EXPECT_TRUE(theirs.try_take(path.string() + "c"));  // another thing, though its name begins so
    EXPECT_FALSE(claim->is_lost());
  }
  EXPECT_EQ(files(), 0U);
  EXPECT_TRUE(theirs.try_take(path));
}

TEST_F(ClaimTest, ARenewedClaimIsNotTakenOver) {
  Claims ours(200ms), theirs(200ms);
  const auto claim = ours.try_take(path);
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(theirs.try_take(path));
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_FALSE(claim->is_lost());
}

TEST_F(ClaimTest, AnotherMachinesClaimIsTakenOverAfterALeaseWithoutRenewal) {
  leave_foreign_claim(1);
  Claims ours(300ms);
  const auto begin = std::chrono::steady_clock::now();
  std::unique_ptr<Claim> claim;
  while (!claim) {
    claim = ours.try_take(path);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 300ms);
  EXPECT_TRUE(fs::exists(path.string() + ".claim-2"));
  claim.reset();
  EXPECT_EQ(files(), 0U);
}

TEST_F(ClaimTest, WhoWasTakenOverFromLearnsIt) {
  Claims ours(100ms);
  const auto claim = ours.try_take(path);
  leave_foreign_claim(2);
  for (int i = 0; i < 100 && !claim->is_lost(); ++i) std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(claim->is_lost());
}

TEST_F(ClaimTest, ADeadProcessOfThisMachineIsTakenOverFromAtOnce) {
  const pid_t child = ::fork();
  if (child == 0) {
    Claims claims(60s);
    const auto claim = claims.try_take(path);
    std::this_thread::sleep_for(200ms);  // the first beat
    ::_exit(claim ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_EQ(files(), 1U);
  EXPECT_TRUE(Claims(60s).try_take(path));
}

TEST_F(ClaimTest, OfManyWhoTryOneSucceeds) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> held = 0;
    std::vector<std::unique_ptr<Claim>> claims(8);
    std::vector<std::thread> threads;
    for (auto& claim : claims)
      threads.emplace_back([&] {
        claim = Claims(60s).try_take(path);
        held += claim ? 1 : 0;
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(held, 1);
  }
}

TEST_F(ClaimTest, AFolderThatRefusesIsAnError) {
  folder.write("file", "");
  EXPECT_THROW(Claims(60s).try_take(folder.path() / "file" / "thing"), SystemError);
}

}  // namespace
}  // namespace conceptune
