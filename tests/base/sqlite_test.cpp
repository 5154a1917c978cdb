#include "conceptune/base/sqlite.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

struct SqliteTest : testing::Test {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "sub" / "a.sqlite";
};

TEST_F(SqliteTest, ValuesComeBack) {
  Database database(path, Database::Access::read_write);
  database.run("CREATE TABLE t(a TEXT, b REAL, c INTEGER, d REAL)");
  const std::string with_zero("a\0'b", 4);
  database.prepare("INSERT INTO t VALUES(?, ?, ?, ?)").bind(with_zero, 0.1, 3, std::optional<double>()).run();
  Statement rows = Database(path, Database::Access::read_only).prepare("SELECT * FROM t WHERE c = ?");
  rows.bind(3);
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(0), with_zero);
  EXPECT_EQ(rows.number(1), 0.1);
  EXPECT_EQ(rows.integer(2), 3);
  EXPECT_EQ(rows.optional_number(1), 0.1);
  EXPECT_EQ(rows.optional_number(3), std::nullopt);
  EXPECT_FALSE(rows.step());
}

TEST_F(SqliteTest, ATransactionThatIsNotCommittedLeavesNothing) {
  Database database(path, Database::Access::read_write);
  database.run("CREATE TABLE t(a TEXT)");
  {
    Transaction transaction(database);
    database.run("INSERT INTO t VALUES('lost')");
  }
  Transaction transaction(database);
  database.run("INSERT INTO t VALUES('kept')");
  transaction.commit();
  Statement rows = database.prepare("SELECT a FROM t");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(0), "kept");
  EXPECT_FALSE(rows.step());
}

TEST_F(SqliteTest, SaysWhatIsWrong) {
  EXPECT_THROW(Database(path, Database::Access::read_only), InputError);
  const auto text_file = folder.write("text.sqlite", std::string(4096, 'x'));
  Database no_database(text_file, Database::Access::read_write);
  EXPECT_THROW(no_database.run("CREATE TABLE t(a)"), InputError);
  Database database(path, Database::Access::read_write);
  EXPECT_THROW(database.prepare("SELECT nothing FROM nowhere"), InputError);
}

}  // namespace
}  // namespace conceptune
