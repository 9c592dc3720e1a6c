using System.Text;
using CsCheck;
using LambdaStreamRunner.Host.Producing;

namespace LambdaStreamRunner.Host.Tests.Producing;

public class KinesisAnswersTests
{
    private const string Good = """{"FailedRecordCount":1,"Records":[{"SequenceNumber":"1","ShardId":"s"},{"ErrorCode":"InternalFailure","ErrorMessage":"Oh"}]}""";

    private const string GoodShards =
        """{"Shards":[{"ShardId":"s","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"1"}}],"NextToken":"n"}""";

    [Fact]
    public void Results_come_in_the_order_of_the_request() =>
        Assert.Equal([new EntryResult(null, "s"), new EntryResult("InternalFailure: Oh", null)], KinesisAnswers.Results(Encoding.UTF8.GetBytes(Good), 2));

    [Theory]
    [InlineData("", "no Kinesis")]
    [InlineData("hello", "no Kinesis")]
    [InlineData("[1]", "no Kinesis")]
    [InlineData("null", "no Kinesis")]
    [InlineData("{}", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0,"Records":7}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0,"Records":["a","b"]}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":1e99,"Records":[]}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":"none","Records":[{},{}]}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0,"Records":[]}""", "0 results to 2 records")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":7},{"SequenceNumber":8}]}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":"\ud800"},{"SequenceNumber":"8"}]}""", "no Kinesis")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"}]}""", "1 results to 2 records")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"},{"SequenceNumber":"2"},{"SequenceNumber":"3"}]}""", "3 results to 2 records")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"},null]}""", "neither")]
    [InlineData("""{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"},{"ShardId":"s"}]}""", "neither")]
    [InlineData("""{"FailedRecordCount":1,"Records":[{"SequenceNumber":"1"},{"SequenceNumber":"2"}]}""", "0 failed records and says that there are 1")]
    public void Strange_answers_are_complained_about_and_quoted(string answer, string complaint)
    {
        var refused = Assert.Throws<ProducerException>(() => KinesisAnswers.Results(Encoding.UTF8.GetBytes(answer), 2));

        Assert.Contains(complaint, refused.Message, StringComparison.Ordinal);
        Assert.Contains(answer, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_emulator_may_answer_null_for_what_is_absent() =>
        Assert.True(KinesisAnswers.Results("""{"Records":[{"SequenceNumber":"1","ShardId":null,"ErrorCode":null}]}"""u8, 1)[0].IsPut);

    [Theory]
    [InlineData("""{"__type":"ResourceNotFoundException","message":"gone"}""", "ResourceNotFoundException: gone")]
    [InlineData("""{"__type":"com.amazonaws.kinesis#SerializationException","Message":"what"}""", "SerializationException: what")]
    [InlineData("""{"message":"no type"}""", null)]
    [InlineData("[]", null)]
    public void Errors_are_read_in_all_their_forms(string answer, string? error) =>
        Assert.Equal(error, KinesisAnswers.Error(Encoding.UTF8.GetBytes(answer))?.ToString());

    [Fact]
    public void Closed_shards_take_no_records()
    {
        string answer = GoodShards.Replace("""{"StartingSequenceNumber":"1"}""", """{"StartingSequenceNumber":"1","EndingSequenceNumber":"2"}""", StringComparison.Ordinal);

        Assert.Empty(KinesisAnswers.Shards(Encoding.UTF8.GetBytes(answer))!.Value.Open);
        Assert.Single(KinesisAnswers.Shards(Encoding.UTF8.GetBytes(GoodShards))!.Value.Open);
    }

    [Fact]
    public void Damaged_answers_never_throw_anything_else() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 5]).Sample((isPut, damages) =>
        {
            byte[] answer = Encoding.UTF8.GetBytes(isPut ? Good : GoodShards);
            foreach ((int at, byte value) in damages)
                answer[at % answer.Length] = value;
            KinesisAnswers.Error(answer);
            KinesisAnswers.Shards(answer);
            try
            {
                KinesisAnswers.Results(answer, 2);
            }
            catch (ProducerException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }, iter: 20_000);
}
