// SQLite: a database file and its statements, with errors as exceptions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace conceptune {

class Database;

/// One prepared statement. Parameters are bound in order; columns are read by number from 0.
///   Statement rows = database.prepare("SELECT name FROM arms WHERE run = ?");
///   rows.bind(run);
///   while (rows.step()) use(rows.text(0));
class Statement {
 public:
  /// Binds the next parameters; std::nullopt binds NULL.
  template <class... Values>
  Statement& bind(const Values&... values) {
    (bind_next(values), ...);
    return *this;
  }
  /// Advances to the next row; false when there is none. Throws SystemError (disk full, locked) or InputError
  /// (the file is no database).
  bool step();
  /// Runs a statement that gives no rows.
  void run() { step(); }

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string text(int column) const;
  /// Nothing for NULL.
  std::optional<double> optional_number(int column) const;

 private:
  friend class Database;
  Statement(sqlite3* database, std::string_view sql, std::string where);

  void bind_next(std::string_view value);
  void bind_next(double value);
  void bind_next(std::int64_t value);
  void bind_next(int value) { bind_next(std::int64_t{value}); }
  void bind_next(const char* value) { bind_next(std::string_view(value)); }
  void bind_next(const std::string& value) { bind_next(std::string_view(value)); }
  void bind_next(std::nullopt_t);
  template <class T>
  void bind_next(const std::optional<T>& value) {
    value ? bind_next(*value) : bind_next(std::nullopt);
  }

  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  std::string where_;
  int bound_ = 0;
};

/// A database file, made when absent. Writes are durable when a transaction ends.
class Database {
 public:
  enum class Access { read_only, read_write };

  /// Throws InputError when the file is no database or absent (read_only), SystemError when it cannot be
  /// made.
  Database(const std::filesystem::path& path, Access access);
  /// One of no file, gone with the object.
  static Database in_memory();

  Statement prepare(std::string_view sql);
  /// Runs any number of statements that give no rows.
  void run(const std::string& sql);

 private:
  Database(std::string where, const char* file, int flags);

  struct Closer {
    void operator()(sqlite3* database) const;
  };
  std::string where_;
  std::unique_ptr<sqlite3, Closer> database_;
};

/// Everything between construction and commit() takes effect together or not at all.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool committed_ = false;
};

}  // namespace conceptune
