#include "conceptune/base/sqlite.h"

#include <sqlite3.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

constexpr std::string_view kDoing = "using database";
constexpr int kBusyMilliseconds = 5000;

[[noreturn]] void fail(sqlite3* database, int code, const std::string& where) {
  const std::string problem = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int primary = code & 0xff;
  if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT || primary == SQLITE_ERROR)
    throw InputError(kDoing, where, problem);
  throw SystemError(kDoing, where, problem);
}

/// The path, looked at or with a folder made for it.
const std::filesystem::path& prepared_path(const std::filesystem::path& path, Database::Access access) {
  const bool writes = access == Database::Access::read_write;
  if (!writes && !std::filesystem::exists(path)) throw InputError(kDoing, path.string(), "no such file");
  if (writes && path.has_parent_path()) make_folder(path.parent_path());
  return path;
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* database, std::string_view sql, std::string where) : where_(std::move(where)) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  if (code != SQLITE_OK) fail(database, code, where_);
}

void Statement::bind_next(std::string_view value) {
  sqlite3_bind_text(statement_.get(), ++bound_, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
}
void Statement::bind_next(double value) { sqlite3_bind_double(statement_.get(), ++bound_, value); }
void Statement::bind_next(std::int64_t value) { sqlite3_bind_int64(statement_.get(), ++bound_, value); }
void Statement::bind_next(std::nullopt_t) { sqlite3_bind_null(statement_.get(), ++bound_); }

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_.get()), code, where_);
  return false;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (!bytes) return {};
  return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::optional<double> Statement::optional_number(int column) const {
  return is_null(column) ? std::nullopt : std::optional(number(column));
}

void Database::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(std::string where, const char* file, int flags) : where_(std::move(where)) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(file, &database, flags, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) fail(database, code, where_);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
}

Database Database::in_memory() {
  return {"in memory", ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY};
}

Database::Database(const std::filesystem::path& path, Access access)
    : Database(
          path.string(), prepared_path(path, access).c_str(),
          access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) {}

Statement Database::prepare(std::string_view sql) { return Statement(database_.get(), sql, where_); }

void Database::run(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database_.get(), code, where_);
}

Transaction::~Transaction() {
  if (committed_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled back by itself (disk full); the first failure is the one to tell.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  committed_ = true;
}

}  // namespace conceptune
