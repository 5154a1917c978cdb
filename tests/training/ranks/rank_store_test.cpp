// What rank 0 holds for the others, asked for by threads that are connected as processes would be.
#include "conceptune/training/ranks/rank_store.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>

#include "conceptune/base/error.h"
#include "tests/training/local_ranks.h"

namespace conceptune::training {
namespace {

using namespace std::chrono_literals;
using test::free_port;
using test::local_settings;

/// What SystemError a call throws says; empty where it throws none.
template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const SystemError& error) {
    return error.what();
  }
  return {};
}

TEST(RankStore, GivesEveryRankWhatAnyHasSet) {
  const std::uint16_t port = free_port();
  RankStore first(local_settings(0, 3, port)), second(local_settings(1, 3, port)),
      third(local_settings(2, 3, port));
  const std::string bytes("a\0b\xff", 4);
  first.set("of the first", bytes);
  second.set("of the second", "");
  for (RankStore* store : {&first, &second, &third}) {
    EXPECT_EQ(store->get("of the first", 10s), bytes);
    EXPECT_EQ(store->get("of the second", 10s), "");
  }
  third.set("of the first", "anew");
  EXPECT_EQ(second.get("of the first", 10s), "anew");
}

TEST(RankStore, ManyRanksAskAtOnce) {
  constexpr std::int64_t kRanks = 8;
  const std::uint16_t port = free_port();
  RankStore first(local_settings(0, kRanks, port));
  std::vector<std::thread> threads;
  for (std::int64_t rank = 1; rank < kRanks; ++rank)
    threads.emplace_back([=] {
      RankStore store(local_settings(rank, kRanks, port));
      store.set(std::to_string(rank), std::string(1000, static_cast<char>('a' + rank)));
      for (std::int64_t other = 1; other < kRanks; ++other)
        EXPECT_EQ(store.get(std::to_string(other), 60s), std::string(1000, static_cast<char>('a' + other)));
    });
  for (auto& thread : threads) thread.join();
}

TEST(RankStore, WaitsForTheFirstRankAndForAKey) {
  const std::uint16_t port = free_port();
  std::thread early([=] { EXPECT_EQ(RankStore(local_settings(1, 2, port)).get("key", 60s), "value"); });
  std::this_thread::sleep_for(200ms);
  RankStore first(local_settings(0, 2, port));
  std::this_thread::sleep_for(200ms);
  first.set("key", "value");
  early.join();
}

TEST(RankStore, AKeyThatNobodySetsIsAnErrorInTime) {
  RankStore store(local_settings(0, 1, free_port()));
  const auto begin = std::chrono::steady_clock::now();
  const std::string message = message_of([&] { store.get("key", 1s); });
  EXPECT_NE(message.find("another rank did not come within 1 s"), std::string::npos) << message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST(RankStore, ALateAnswerIsNotTakenForTheNext) {
  const std::uint16_t port = free_port();
  RankStore first(local_settings(0, 2, port)), second(local_settings(1, 2, port));
  first.set("other", "other value");
  EXPECT_NE(message_of([&] { second.get("late", 1s); }), "");
  first.set("late", "late value");
  EXPECT_NE(message_of([&] { second.get("other", 10s); }).find("was given up"), std::string::npos);
  EXPECT_EQ(first.get("other", 10s), "other value");
}

TEST(RankStore, TheEndOfTheFirstRankEndsTheOthersWaiting) {
  const std::uint16_t port = free_port();
  std::optional<RankStore> first;
  first.emplace(local_settings(0, 2, port));
  RankStore second(local_settings(1, 2, port));
  second.set("key", "value");
  std::string message;
  std::thread waiting([&] { message = message_of([&] { second.get("other", 60s); }); });
  std::this_thread::sleep_for(200ms);
  const auto begin = std::chrono::steady_clock::now();
  first.reset();
  waiting.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
  EXPECT_NE(message.find("rank 1 of 2 at 127.0.0.1:" + std::to_string(port) + ": rank 0 is gone"),
            std::string::npos)
      << message;
  EXPECT_NE(message_of([&] { second.set("key", "value"); }).find("rank 0 is gone"), std::string::npos);
  EXPECT_NE(message_of([&] { second.get("key", 10s); }).find("rank 0 is gone"), std::string::npos);
}

TEST(RankStore, NobodyAtTheAddressIsAnError) {
  auto settings = local_settings(1, 2, free_port(), 1s);
  const std::string message = message_of([&] { RankStore{settings}; });
  EXPECT_NE(message.find("nobody listened there within 1 s"), std::string::npos) << message;
  settings.address = "no.such.host.invalid";
  const std::string unknown = message_of([&] { RankStore{settings}; });
  EXPECT_NE(unknown.find("no.such.host.invalid"), std::string::npos) << unknown;
}

TEST(RankStore, ATakenPortIsAnError) {
  const std::uint16_t port = free_port();
  const RankStore first(local_settings(0, 2, port));
  const std::string message = message_of([&] { RankStore{local_settings(0, 2, port)}; });
  EXPECT_NE(message.find("in use"), std::string::npos) << message;
}

TEST(RankStore, AValueTooLongIsRefusedRatherThanWaitedFor) {
  RankStore store(local_settings(0, 1, free_port()));
  const std::string most(1 << 20, 'a');
  store.set("key", most);
  EXPECT_EQ(store.get("key", 10s), most);
  const std::string message = message_of([&] { store.set("key", most + 'a'); });
  EXPECT_NE(message.find("a value has 1048577 bytes, expected 1048576 at most"), std::string::npos)
      << message;
}

}  // namespace
}  // namespace conceptune::training
