// Queries a file of SQLite in parallel: each worker has a connection.
// Needs sqlite-jdbc.

import dev.procession.Pool;
import dev.procession.WorkerLocal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

static final String TABLE =
    """
    CREATE TABLE orders AS
    WITH RECURSIVE ids(id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM ids WHERE id < 100000)
    SELECT id, id % 3 AS customer, id % 100 AS price FROM ids
    """;

static void create(Connection database) throws SQLException {
  try (var statement = database.createStatement()) {
    statement.execute(TABLE);
  }
}

static int spentBy(int customer, Connection database) throws SQLException {
  var sql = "SELECT sum(price) FROM orders WHERE customer = ?";
  try (var query = database.prepareStatement(sql)) {
    query.setInt(1, customer);
    return query.executeQuery().getInt(1);
  }
}

void main() throws Exception {
  var file = Files.createTempFile("orders", ".db");
  var url = "jdbc:sqlite:" + file;
  var database = WorkerLocal.of(() -> DriverManager.getConnection(url));
  try (var pool = Pool.processes(3)) {
    pool.submit(() -> create(database.get())).join();
    IO.println(pool.map(customer -> spentBy(customer, database.get()), List.of(0, 1, 2)));
  } finally {
    Files.delete(file);
  }
}

// Output:
// [1650033, 1649967, 1650000]
