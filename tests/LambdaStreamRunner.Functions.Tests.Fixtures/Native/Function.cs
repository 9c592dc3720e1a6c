using System.Text;
using Microsoft.Data.Sqlite;

namespace Fixtures;

/// <summary>A handler on a package with native code.</summary>
public class Function
{
    public async Task<Stream> Add(Stream input)
    {
        using var reader = new StreamReader(input);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select $number + 1";
        command.Parameters.AddWithValue("$number", int.Parse(await reader.ReadToEndAsync(), System.Globalization.CultureInfo.InvariantCulture));
        return new MemoryStream(Encoding.UTF8.GetBytes($"{await command.ExecuteScalarAsync()}"));
    }
}
