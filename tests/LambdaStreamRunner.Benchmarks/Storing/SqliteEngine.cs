using Microsoft.Data.Sqlite;

namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>A row per block, a transaction per commit, write-ahead log.</summary>
internal sealed class SqliteEngine : StorageEngine
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public SqliteEngine(string folder, bool synced)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "stream.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA cache_size = -32768;");
        Execute(synced ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = OFF;");
        Execute("CREATE TABLE IF NOT EXISTS block (shard INTEGER, first INTEGER, content BLOB, PRIMARY KEY (shard, first)) WITHOUT ROWID;");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO block VALUES ($shard, $first, $content)";
        _insert.Parameters.Add("$shard", SqliteType.Integer);
        _insert.Parameters.Add("$first", SqliteType.Integer);
        _insert.Parameters.Add("$content", SqliteType.Blob);
        _insert.Prepare();
    }

    public override void Append(IReadOnlyList<Block> blocks)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (Block block in blocks)
        {
            _insert.Parameters[0].Value = block.Shard;
            _insert.Parameters[1].Value = block.Index;
            _insert.Parameters[2].Value = block.Content;
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public override long LastIndex(int shard)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT max(first) FROM block WHERE shard = $shard";
        command.Parameters.AddWithValue("$shard", shard);
        return (long)command.ExecuteScalar()!;
    }

    public override void Trim(int shards, long below)
    {
        using (SqliteCommand command = _connection.CreateCommand())
        {
            command.CommandText = "DELETE FROM block WHERE shard < $shards AND first < $below";
            command.Parameters.AddWithValue("$shards", shards);
            command.Parameters.AddWithValue("$below", below);
            command.ExecuteNonQuery();
        }
        Execute("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);");
    }

    public override void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
