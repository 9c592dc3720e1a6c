using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

public sealed class SequenceNumberFormatterTests
{
    private static readonly Gen<SequenceNumber> Numbers = Gen.Select(
        Gen.Long[1_542_776_250, 1_542_776_252], Gen.Int[0, 20], Gen.OneOf(Gen.ULong[0, 50], Gen.ULong[0, long.MaxValue]), Gen.Long[1_545_084_650, 1_545_084_651],
        SequenceNumber.Create);

    [Fact]
    public void Writes_what_each_number_says_of_itself_in_whatever_order_they_come() =>
        Numbers.Array[1, 60].Sample(numbers =>
        {
            var formatter = new SequenceNumberFormatter();
            foreach (SequenceNumber number in numbers)
                Assert.Equal(number.ToString(), Write(formatter, number));
        });

    [Fact]
    public void Carries_through_all_groups_of_digits()
    {
        var formatter = new SequenceNumberFormatter();
        for (ulong index = 1; index < 5_000_000_000; index = (index * 3) + 1)
        {
            var number = SequenceNumber.Create(1_767_225_600, 0, index, 1_767_225_700);
            Assert.Equal(number.ToString(), Write(formatter, number));
        }
    }

    [Fact]
    public void Numbers_that_no_stream_assigns_are_written_too()
    {
        var formatter = new SequenceNumberFormatter();
        foreach (string text in (string[])["0", "5", "340282366920938463463374607431768211456", "49590338271490256608559692538361571095921575989136588898"])
            Assert.Equal(text, Write(formatter, SequenceNumber.Parse(text)));
    }

    private static string Write(SequenceNumberFormatter formatter, SequenceNumber number)
    {
        byte[] utf8 = new byte[SequenceNumber.DigitsMax];
        return Encoding.ASCII.GetString(utf8, 0, formatter.Format(number, utf8));
    }
}
