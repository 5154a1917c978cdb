#include "conceptune/servers/reply_cache.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"

namespace conceptune::servers {
namespace {

constexpr int kVersion = 1;  // of the tables

std::int64_t version_of(Database& database) {
  auto version = database.prepare("PRAGMA user_version");
  version.step();
  return version.integer(0);
}

}  // namespace

ReplyCache::ReplyCache(const std::filesystem::path& path) : database_(path, Database::Access::read_write) {
  const auto found = version_of(database_);
  if (found != 0 && found != kVersion)
    throw InputError("opening the replies of servers", path.string(),
                     fmt::format("version {}, expected {}", found, kVersion));
  // A reply that a sudden end of the machine takes away is only asked for again: no sync for each.
  database_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  database_.run(
      "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS failures (key TEXT PRIMARY KEY, reason TEXT NOT NULL, times INTEGER NOT "
      "NULL) WITHOUT ROWID;");
  database_.run(fmt::format("PRAGMA user_version = {}", kVersion));
}

std::optional<std::string> ReplyCache::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  auto rows = database_.prepare("SELECT reply FROM replies WHERE key = ?");
  rows.bind(key);
  return rows.step() ? std::optional(rows.text(0)) : std::nullopt;
}

void ReplyCache::keep(const std::string& key, const std::string& reply) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(database_);
  database_.prepare("INSERT OR REPLACE INTO replies VALUES (?, ?)").bind(key, reply).run();
  database_.prepare("DELETE FROM failures WHERE key = ?").bind(key).run();
  transaction.commit();
}

void ReplyCache::keep_failure(const std::string& key, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  database_
      .prepare(
          "INSERT INTO failures VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET reason = "
          "excluded.reason, times = times + 1")
      .bind(key, reason)
      .run();
}

std::vector<ReplyCache::Failure> ReplyCache::failures() {
  const std::lock_guard lock(mutex_);
  std::vector<Failure> found;
  auto rows = database_.prepare("SELECT key, reason, times FROM failures ORDER BY key");
  while (rows.step()) found.push_back({rows.text(0), rows.text(1), rows.integer(2)});
  return found;
}

}  // namespace conceptune::servers
