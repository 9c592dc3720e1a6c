using System.Text;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

public class PutReaderTests
{
    [Theory]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"},{"PartitionKey":"l","Data":""}]}""", 2, "k:YQ==")]
    [InlineData(""" { "Records" : [ { "PartitionKey" : "k" , "ExplicitHashKey":"0", "Data" : "+/+/" } ] , "StreamName" : "s" } """, 1, "k:+/+/")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"\u002B/+/","PartitionKey":"\u00e9\ud83d\ude00"}]}""", 1, "é😀:+/+/")]
    public void Usual_requests_are_read(string body, int count, string first)
    {
        using var reader = new PutReader(Encoding.UTF8.GetBytes(body));

        Assert.True(reader.TryReadMany());
        Assert.Equal(count, reader.Entries.Length);
        PutEntry entry = reader.Entries[0];
        Assert.Equal(first, $"{Encoding.UTF8.GetString(entry.Key.Span)}:{Encoding.UTF8.GetString(entry.Source.Span)}");
        Assert.Equal("s", Encoding.UTF8.GetString(reader.TextOf(reader.StreamName!.Value)));
    }

    [Theory]
    [InlineData("""{"StreamName":"s","Records":[]}""")]
    [InlineData("""{"StreamName":"s"}""")]
    [InlineData("""{"Records":[{"Data":"","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","StreamName":"s","Records":[{"Data":"","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k"}],"Colour":"blue"}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k"}],"DryRun":true}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":""}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":null}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":1}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k","PartitionKey":"l"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k","ExplicitHashKey":"01"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k","ExplicitHashKey":"340282366920938463463374607431768211456"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k","ExplicitHashKey":null}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"YQ","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"YR==","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"YWF=","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"Y Q==  =","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"YQ==\n\n\n\n","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"=AAA","PartitionKey":"k"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"\ud800"}]}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k"}]} {}""")]
    [InlineData("""{"StreamName":"s","Records":[{"Data":"","PartitionKey":"k"}]""")]
    [InlineData("[]")]
    public void Anything_else_is_left_to_the_general_path(string body)
    {
        using var reader = new PutReader(Encoding.UTF8.GetBytes(body));

        Assert.False(reader.TryReadMany());
    }

    [Fact]
    public void A_key_is_measured_in_characters()
    {
        Assert.True(Read(new string('é', 256)));
        Assert.False(Read(new string('é', 257)));
        Assert.False(Read(new string('k', 257)));
    }

    [Fact]
    public void A_key_that_is_no_utf8_is_left_to_the_general_path()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"StreamName":"s","PartitionKey":"?","Data":""}""");
        body[Array.IndexOf(body, (byte)'?')] = 0xFF;
        using var reader = new PutReader(body);

        Assert.False(reader.TryReadOne());
    }

    private static bool Read(string key)
    {
        using var reader = new PutReader(Encoding.UTF8.GetBytes($$"""{"StreamName":"s","PartitionKey":"{{key}}","Data":""}"""));
        return reader.TryReadOne();
    }
}
